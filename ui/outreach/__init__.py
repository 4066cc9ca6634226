"""Customers told, heard and answered: playbooks, messages, conversations, the outbox."""
