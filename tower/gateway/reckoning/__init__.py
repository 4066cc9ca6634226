"""Figures in a gateway: what is measured goes into the journal, the journal into the figures."""
