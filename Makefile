# Every target in a line: make help. `make run` and `make test` are all that most people need.
.DEFAULT_GOAL := help
PYTHON ?= python3
# How many processes share the tests. Each starts a PostgreSQL of its own.
WORKERS ?= auto
SHARED := -n $(WORKERS) --maxprocesses=4 --dist=worksteal
# 0: `make cards` checks, and takes no pictures.
PICTURES ?= 1
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
RENDERER := build/try-out/.installed
E2E := $(VENV)/.installed-e2e
CARDS := build/cards
SHOTS := build/screenshots
GUIDE := deployment/guide/pictures

.PHONY: help install run demo test test-long test-proof check lint types imports e2e pictures cards examine-cards bench playground clean

help: ## This list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(INSTALLED) $(RENDERER) ## The virtual environment with the test tools, and the card renderer

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

$(RENDERER): $(INSTALLED) package.json package-lock.json deployment/fetch_renderer.py
	$(BIN)/python deployment/fetch_renderer.py
	@touch $@

$(E2E): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,e2e]'
	@touch $@

run: $(INSTALLED) $(RENDERER) ## The bot with the try-out window, without Azure or Teams; Ctrl-C stops it all
	@$(BIN)/meldroute run --local

demo: $(INSTALLED) ## The whole story in the terminal: report, take up, hand over, close, feedback
	@$(BIN)/meldroute demo

test: $(INSTALLED) ## All tests in Python, SQLite and PostgreSQL both; nothing to install by hand
	$(BIN)/pytest $(SHARED) -m 'not long and not proof and not e2e'

test-long: $(INSTALLED) ## The slow tests with fixed seeds
	$(BIN)/pytest $(SHARED) -m 'long and not e2e'

test-proof: $(INSTALLED) ## The largest proofs: thousands of bad days, every kill, a year of 2,000 signals, every minute of opening hours
	$(BIN)/pytest -m proof

check: lint types imports ## Everything that reads the code: ruff, pyright, import contracts

lint: $(INSTALLED) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(E2E) ## pyright, strict
	$(BIN)/pyright

imports: $(INSTALLED) ## The arrows between the packages
	$(BIN)/lint-imports

e2e: $(E2E) $(RENDERER) ## The route in the try-out window in headless Chromium; screenshots in build/screenshots
	$(BIN)/pytest -m e2e tests/e2e

pictures: $(E2E) $(RENDERER) ## The README's pictures made anew, out of the walk in the browser: look at them before you commit
	$(BIN)/pytest -q -m e2e tests/e2e/test_route.py
	cp $(SHOTS)/*-vertellen.png $(GUIDE)/report.png
	cp $(SHOTS)/*-signaal-openen.png $(GUIDE)/case.png
	cp $(SHOTS)/*-terugkoppeling-afgesloten.png $(GUIDE)/feedback.png

cards: $(INSTALLED) ## Every card drawn and checked: size, parser, phone and wide, light, dark and high contrast, axe; pictures in build/cards
	rm -rf $(CARDS)
	MELDROUTE_CARDS=$(CARDS) $(BIN)/pytest $(SHARED) -q -m 'not long and not proof and not e2e' -k 'not postgres' --ignore=tests/dialogs/domain tests/dialogs tests/scenarios tests/bot
	$(MAKE) examine-cards

examine-cards: $(E2E) $(RENDERER) ## The same for cards that a run of the tests has kept (MELDROUTE_CARDS=build/cards make test)
	MELDROUTE_PICTURES=$(PICTURES) $(BIN)/pytest $(SHARED) -m e2e tests/cards

bench: $(INSTALLED) ## CPU per turn beside raw aiohttp and stock botbuilder; JSON in build/bench
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.lookup

playground: $(INSTALLED) ## Microsoft's Agents Playground as a second client; tells its licence first
	$(BIN)/python deployment/playground.py

clean: ## Everything that was made; your data in var/ stays
	rm -rf $(VENV) build .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
