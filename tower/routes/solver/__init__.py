"""A vehicle routing problem in plain numbers, and the search that solves it."""
