"""Scheduled reports: when they are due, and how they are sent, each at most once."""
