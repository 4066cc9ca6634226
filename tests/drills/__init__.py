"""What Tower survives: `python -m tests.drills.NAME [--json]`."""
