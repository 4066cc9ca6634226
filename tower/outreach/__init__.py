"""Telling customers: templates, policy, what goes to a channel, and what comes back."""
