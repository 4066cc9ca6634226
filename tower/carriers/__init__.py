"""The port carriers' adapters plug into, and the normaliser that believes only what it may."""
