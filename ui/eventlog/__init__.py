"""The event log: everything that happens, in words, as it happens."""
