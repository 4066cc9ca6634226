"""A past that never was: facts of days before the simulated shift, so that trends can be seen."""
