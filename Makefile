# What a person types. Everything behind it is installer/setup.py.
PYTHON := .venv/bin/python

.PHONY: test check
test:
	$(PYTHON) -m pytest
check:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy tower ui plugins installer tests
	.venv/bin/lint-imports
