# GNU Make 3.81 is enough. Paths are relative, so that a folder with spaces in its name works.
# Settings come from the environment: TECHREF_HOME, TECHREF_PORT, … (`.venv/bin/techref settings` lists them).

SHELL := /bin/sh
.DEFAULT_GOAL := help
export PYTHONPATH := .
export RASA_TELEMETRY_ENABLED := false

# Two processes share the tests; those of the running stack stay together in one of them (tests/conftest.py).
TWO_AT_ONCE := -n 2 --dist loadgroup
FAST := tests/triage tests/services tests/actions tests/settings tests/store tests/http tests/dialogue tests/installation tests/test_*.py

.PHONY: help
help: ## show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

.PHONY: setup
setup: ## prepare both environments and the sentence embedding; skips what is done
	@tools/setup --with-browser

.PHONY: run
run: ## set up if needed, then start gateway, Rasa and action server; Ctrl-C stops them
	@tools/setup
	@exec .venv/bin/techref up

.PHONY: dev
dev: ## like run, and restart on changed code, retrain on changed dialogue
	@tools/setup
	@exec .venv/bin/techref up --reload

.PHONY: test
test: setup lint ## everything: lint, all tests with the running stack and a browser, the engine's tests
	.venv/bin/python -m pytest $(TWO_AT_ONCE) --durations=25
	.venv-rasa/bin/python -m pytest -c tests/engine/pytest.ini tests/engine

.PHONY: test-fast
test-fast: ## the rules, services and data: without Rasa, a browser or a running gateway
	.venv/bin/python -m pytest $(TWO_AT_ONCE) -m "not stack and not e2e" $(FAST)

.PHONY: storm
storm: ## a thousand Slack events, each delivered three times: a thousand turns (some minutes)
	STORM_EVENTS=1000 .venv/bin/python -m pytest -s tests/channels/slack/test_storm.py

.PHONY: lint
lint: ## ruff and mypy
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

.PHONY: train
train: ## train the dialogue model if anything it is made from has changed
	@.venv/bin/techref train

.PHONY: understanding
understanding: ## measure how well customers are understood; renews docs/understanding.md
	@.venv-rasa/bin/python bench/understanding.py --write

.PHONY: index
index: ## index the manual if it has changed
	@.venv/bin/techref index

.PHONY: bench
bench: ## compare our search with Whoosh, SQLite FTS5 and bm25s (CORPUS=… QUESTIONS=… for others)
	@.venv/bin/python bench/retrieval.py $(if $(CORPUS),--corpus "$(CORPUS)" --questions "$(QUESTIONS)")

.PHONY: lock
lock: ## compile requirements/*.in to hashed locks (add UPGRADE=1 for newer versions)
	@tools/lock $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## remove both environments and caches; TECHREF_HOME is kept
	rm -rf .venv .venv-rasa .mypy_cache .pytest_cache .ruff_cache .rasa *.egg-info
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
