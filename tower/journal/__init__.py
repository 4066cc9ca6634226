"""The journal of everything that happened: append, read, subscribe, and the folded state."""
