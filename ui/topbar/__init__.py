"""The bar under the menus: what is shown, how the feed stands, what time it is."""
