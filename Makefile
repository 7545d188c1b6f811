# GNU Make 3.81 is enough. Paths are relative, so that a folder with spaces in its name works.
# Settings come from the environment: TECHREF_HOME, TECHREF_PORT, … (`.venv/bin/techref settings` lists them).

SHELL := /bin/sh
.DEFAULT_GOAL := help
export PYTHONPATH := .
export RASA_TELEMETRY_ENABLED := false
# Some images set it. Here a hundred processes are started, and each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

# Two processes share a pass; each that needs a stack has its own. A module's tests stay together (tests/conftest.py).
TWO_AT_ONCE := -n 2 --dist loadgroup --no-loadscope-reorder
# The folders with tests of the running stack; tests/conftest.py refuses one elsewhere. To collect all takes longer.
STACK := tests/actions tests/commands tests/dialogue tests/e2e tests/widget
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
test: setup ## lint, the engine's tests, all others with the running stack and a browser, on SQLite
	$(MAKE) -j 2 lint test-engine
	$(MAKE) -j 2 test-stack test-without-stack

.PHONY: test-stack
test-stack: # a part of make test; half its time is waiting for replies, so both parts run at once
	.venv/bin/python -m pytest $(TWO_AT_ONCE) -m "stack and not slow" --durations=10 $(STACK)

.PHONY: test-without-stack
test-without-stack: # the other part
	.venv/bin/python -m pytest $(TWO_AT_ONCE) -m "not stack and not slow" --durations=10

.PHONY: test-postgresql
test-postgresql: ## every test of the database again, on PostgreSQL at 127.0.0.1:5432 (make services starts one)
	.venv/bin/python -m pytest $(TWO_AT_ONCE) -m "not slow" --database postgresql

.PHONY: test-slow
test-slow: ## long waits, storms, every theme and width, many generated examples: nightly and before every release
	.venv/bin/python -m pytest $(TWO_AT_ONCE) -m "slow or hypothesis" --hypothesis-profile thorough --durations=25
	.venv/bin/python -m pytest $(TWO_AT_ONCE) -m slow --database postgresql

.PHONY: test-engine
test-engine: ## the engine's tests, in its own environment
	.venv-rasa/bin/python -m pytest -c tests/engine/pytest.ini tests/engine

.PHONY: test-fast
test-fast: ## the rules, services and data: without Rasa, a browser or a running gateway
	.venv/bin/python -m pytest $(TWO_AT_ONCE) -m "not stack and not e2e and not slow" $(FAST)

.PHONY: storm
storm: ## a thousand Slack events, each delivered three times: a thousand turns (some minutes)
	STORM_EVENTS=1000 .venv/bin/python -m pytest -m slow -s tests/channels/slack/test_storm.py

.PHONY: chaos
chaos: ## 200 customers while every process is killed, paused and restarted, on SQLite and PostgreSQL (some minutes)
	.venv/bin/python -m tests.chaos

.PHONY: fuzz
fuzz: ## 50,000 requests made from our OpenAPI description; any 5xx fails (FUZZ_REQUESTS=… FUZZ_SEED=…)
	.venv/bin/python -m tests.fuzz

.PHONY: attack
attack: ## the attacks of docs/security.md on a gateway of its own; any that gets through fails (ATTACK=word, some minutes)
	.venv/bin/python -m tests.attack

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
bench: ## compare our search with four others (CORPUS=… QUESTIONS=…)
	@.venv/bin/python bench/retrieval.py $(if $(CORPUS),--corpus "$(CORPUS)" --questions "$(QUESTIONS)")

.PHONY: bench-turns
bench-turns: ## how fast turns are on a running stack (make run in another terminal), ten conversations at once
	.venv/bin/python bench/turns.py http://127.0.0.1:$${TECHREF_PORT:-8000} --home "$${TECHREF_HOME:-var}"

.PHONY: bench-rasa
bench-rasa: ## compare ours with stock Rasa 3.6.21, installed if need be: 2.5 GB (FOLDER=… ROUNDS=…; WRITE=1 renews docs/performance.md)
	.venv/bin/python -m bench.rasa $(if $(FOLDER),--folder "$(FOLDER)") $(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WRITE),--write)

.PHONY: audit
audit: ## known advisories about the locked packages (DATABASE=clone of PyPA's; WRITE=1 renews docs/dependencies.md)
	@.venv/bin/python -m tools.audit $(if $(DATABASE),--database "$(DATABASE)") $(if $(WRITE),--write)

.PHONY: bench-streams
bench-streams: ## a gateway's memory and delay with 1,000 open chats, on a stack of its own (some minutes)
	.venv/bin/python bench/streams.py

.PHONY: soak
soak: ## ten conversations at a time for an hour: fails when a process's memory grows (MINUTES=…)
	.venv/bin/python bench/soak.py --minutes $${MINUTES:-60}

.PHONY: bench-stacks
bench-stacks: ## two stacks on one PostgreSQL with Redis beside one stack (some minutes)
	.venv/bin/python bench/two_stacks.py

.PHONY: services
services: ## PostgreSQL and Redis from Debian's packages, run without rights; prints the two addresses to set
	@.venv/bin/python -m tools.services start

.PHONY: services-stop
services-stop: ## stop what make services started; the data is kept
	@.venv/bin/python -m tools.services stop

.PHONY: lock
lock: ## compile requirements/*.in to hashed locks (add UPGRADE=1 for newer versions)
	@tools/lock $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## remove both environments and caches; TECHREF_HOME is kept
	rm -rf .venv .venv-rasa .mypy_cache .pytest_cache .test_cache .ruff_cache .rasa *.egg-info
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
