"""What can be wrong with a recording."""


class RecordingError(Exception):
    """A recording cannot be made, read or asked this; the message says why, in words."""
