"""Exceptions Tower finds by itself: rules, their hysteresis, and the clock of who must act."""
