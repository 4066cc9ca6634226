"""What commands become: events, a conflict with somebody else's work, or a refusal.

Pure: the state is read, the time is an argument, nothing is written. A file for each sort of
command; `decisions` has the table of them all.
"""
