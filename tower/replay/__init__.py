"""Recordings: what a span of a shift was, and any moment of it whole again."""
