"""How fast Tower is: `python -m tests.benchmarks.NAME [--json]`."""
