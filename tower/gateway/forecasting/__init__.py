"""Arrivals in a gateway: predicted for every route, kept, published to customers, measured."""
