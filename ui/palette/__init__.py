"""Ctrl+K: one field that finds anything and does anything."""
