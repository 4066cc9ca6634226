"""Set-up: from a bare machine to a running Tower, with nothing but Python's standard library."""
