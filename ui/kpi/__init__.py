"""Measures of the shift on the screen: the strip over the map and the charts below it."""
