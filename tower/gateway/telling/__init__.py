"""Telling customers: the outbox and who empties it, accounts with providers, and what comes back.

The journal is the outbox. Commands queue messages there (`decisions`), the courier hands them to
the accounts one attempt at a time (`steps` says what is next, `courier` does it), and what
providers tell back becomes receipts and replies (`hooks`, `receipts`, `replies`).
"""
