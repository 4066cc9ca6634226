"""The plainer map: drawn by Qt itself, for when the web engine does not stay alive."""
