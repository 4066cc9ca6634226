"""Tower: a control tower for the last mile."""

__version__ = "0.1.0"
