"""What Tower is about: frozen records, events, and the fold over them.

Pure: no I/O and no clock. Time and randomness come in as arguments.
"""
