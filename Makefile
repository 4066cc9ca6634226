# What a person types. What is behind it is in installer/.
#
#   make run      set up what is not set up yet, and open Tower
#   make setup    only the set-up
#   make test     the tests, those of the map page too (JOBS=4: in four processes)
#   make check    linters, formatter, types, layers
#   make bench    every benchmark, as tables (those that take a file: where DATA has it)
#   make lock     the lock files anew (UPGRADE=1: with the newest versions)

ARGS ?=
UPGRADE ?=
JOBS ?=
DATA ?= ../shared/data
PYTHON := .venv/bin/python
WITH_FILE := tsptw=tsptw/instances.json amazon=deliveries/amazon_lmrrc_5routes.json \
	lade=deliveries/lade_yantai_half.csv
BENCHMARKS := $(filter-out __init__ conftest test_% tsptw amazon lade,$(notdir $(basename $(wildcard tests/benchmarks/[!_]*.py))))

# A file that says "set up" and is older than what was set up from, an environment whose Python is
# gone, or a checkout that moved: then set-up runs and looks closer. Else nothing is started.
WEB_SOURCES := $(wildcard ui/web/* ui/web/.npmrc $(foreach under,src static,\
	ui/web/$(under)/* ui/web/$(under)/*/*))
SET_UP_FROM := pyproject.toml installer/lock/run.txt $(wildcard installer/*.py) \
	$(filter-out ui/web/node_modules ui/web/dist ui/web/test,$(WEB_SOURCES))
ifneq ($(and $(realpath $(PYTHON)),$(filter $(CURDIR),$(file < .venv/checkout))),)
LOOK_CLOSER :=
else
LOOK_CLOSER := look-closer
endif

.PHONY: run setup development test bench lock look-closer \
	check check-style check-format check-types check-layers check-page

run: .venv/ready
	@exec sh installer/run.sh $(ARGS)

setup: look-closer
	@python=$$(sh installer/find-python.sh) && "$$python" -m installer.setup
	@echo '$(CURDIR)' > .venv/checkout && touch .venv/ready

.venv/ready: $(SET_UP_FROM) $(LOOK_CLOSER)
	@python=$$(sh installer/find-python.sh) && "$$python" -m installer.setup
	@echo '$(CURDIR)' > .venv/checkout && touch $@

.venv/ready-development: .venv/ready installer/lock/development.txt
	@python=$$(sh installer/find-python.sh) && "$$python" -m installer.setup --development
	@touch $@

development: .venv/ready-development

test: development
	$(PYTHON) -m installer.web test
	$(PYTHON) -m pytest $(if $(JOBS),-n $(JOBS)) $(ARGS)

# `make -k check` goes on after a finding.
check: check-style check-format check-types check-layers check-page

check-style: development
	$(PYTHON) -m ruff check .
check-format: development
	$(PYTHON) -m ruff format --check .
check-types: development
	$(PYTHON) -m mypy tower ui plugins installer tests
check-layers: development
	.venv/bin/lint-imports --no-logo
check-page: development
	$(PYTHON) -m installer.web run check

bench: development
	@set -e; for name in $(BENCHMARKS); do echo; echo "== $$name"; \
		$(PYTHON) -m tests.benchmarks.$$name; done
	@set -e; for one in $(WITH_FILE); do echo; echo "== $${one%%=*}"; file=$(DATA)/$${one#*=}; \
		if [ -e "$$file" ]; then $(PYTHON) -m tests.benchmarks.$${one%%=*} "$$file"; \
		else echo "skipped: there is no $$file"; fi; done

lock: development
	$(PYTHON) -m installer.lock $(if $(UPGRADE),--upgrade)
