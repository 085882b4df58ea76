# Everything this project does starts here. `make` alone lists the targets.

PYTHON ?= python3
DATA ?= data
PORT ?= 8501
FOLDER ?=
TESTS ?= tests

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
PYTEST := $(BIN)/python -m pytest
FIND_CHROMIUM := { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

.DEFAULT_GOAL := help
.PHONY: help run test lint format types tests bench demo screenshots browser clean

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/installed  ## Start the dashboard; DATA=some/workspace and PORT=8600 choose others
	@$(BIN)/python -m csp_data run $(DATA) --port $(PORT)

test: lint types tests  ## Everything CI runs: style, types, and all tests

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-for-tests
	$(BIN)/ty check

tests: $(VENV)/installed-for-tests browser  ## Only the tests; TESTS=tests/test_checks.py chooses
	$(PYTEST) --numprocesses auto --dist worksteal $(TESTS)

format: $(VENV)/installed-for-tests  ## Put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/installed-for-tests browser  ## Measure speed against the targets
	$(BIN)/python -m tests.benchmarks

demo: $(VENV)/installed-for-tests  ## Make the demonstration workspace in data/ again
	$(BIN)/python -m csp_data demo --out data

screenshots: $(VENV)/installed-for-tests browser  ## Save a picture of every page; FOLDER=somewhere
	$(BIN)/python -m tests.browser.screenshots $(FOLDER)

clean:  ## Remove the installed packages
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This needs Python 3.11 or later: $$($(PYTHON) --version 2>&1). Name another with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv is missing. On Debian or Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }

# The stamps hold installing back until the lists of packages change.
$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing what the dashboard needs (once, about a minute)"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-for-tests: requirements.txt tests/requirements.txt | $(BIN)/python
	@echo "Installing what the tests need (once, about two minutes)"
	@$(PIP) -r requirements.txt -r tests/requirements.txt
	@$(BIN)/python -m pip check
	@touch $(VENV)/installed $@

# Browser tests need Chromium: they skip and say so where it cannot be installed, but under CI they must run.
browser:
	@$(FIND_CHROMIUM) && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests"; \
	  (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation) >/dev/null; \
	fi; \
	$(FIND_CHROMIUM) && exit 0; \
	if [ "$$CI" = true ]; then echo "Chromium is missing, so the browser tests cannot run."; exit 1; fi; \
	echo "Chromium is missing: the browser tests will be skipped. Install it to run them."
