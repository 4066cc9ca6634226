"""The numbers of the shift, each with its formula and the stops behind it."""
