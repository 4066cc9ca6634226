"""OpenStreetMap tags."""

from collections.abc import Mapping

Tags = Mapping[str, str]
"""Keys and values of an OpenStreetMap object."""
