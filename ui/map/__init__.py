"""The live map: a page in a web view, fed over its own URL scheme."""
