"""Facts and their sums in a database of their own, beside the journal and made from it."""
