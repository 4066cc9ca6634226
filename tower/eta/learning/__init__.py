"""Arrivals learnt from shifts that were: the samples, the models, where they are kept."""
