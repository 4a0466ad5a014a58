# `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DONE := build/check

# The packages whose every line and branch is tested, also where no real market data is at hand.
PURE := domain analysis setups risk outcomes record stats rendering
comma := ,
empty :=
space := $(empty) $(empty)
PURE_FILES := $(subst $(space),$(comma),$(PURE:%=signalbot/%/*))

# A file of tests stays in one process, so that what it sets up is made once.
TWO_AT_ONCE := -n 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help install run test check format lint types layers coverage bench bench-delivery
.PHONY: bench-live chaos
.PHONY: lock pictures

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install: $(INSTALLED) ## create .venv from the lock

run: $(INSTALLED) ## run the bot; without a Telegram token its chats are a page in the browser
	@$(BIN)/python -m signalbot run

test: $(INSTALLED) ## run every test; those on real market data skip where it is missing
	$(BIN)/python -m pytest $(TWO_AT_ONCE) --ignore=tests/real --ignore=tests/chaos $(COVER)
	$(BIN)/python -m pytest $(TWO_AT_ONCE) tests/real
	@$(MARK)

format: $(INSTALLED)
	$(BIN)/ruff format --check .
	@$(MARK)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	@$(MARK)

types: $(INSTALLED)
	$(BIN)/mypy
	@$(MARK)

layers: $(INSTALLED)
	$(BIN)/lint-imports
	@$(MARK)

coverage:
	$(BIN)/coverage report --include='$(PURE_FILES)' --fail-under=100
	@$(MARK)

check: ## everything CI runs: format, lint, types, layers, tests, coverage of the pure packages
	@rm -rf $(DONE)
	$(MAKE) format lint types layers
	$(MAKE) test COVER='--cov --cov-report='
	$(MAKE) coverage

bench: $(INSTALLED) ## figures of speed and memory, one JSON object
	@$(BIN)/python benchmarks/run.py

bench-delivery: $(INSTALLED) ## how fast alerts leave against the local Bot API, some fourteen minutes
	@$(BIN)/python benchmarks/delivery.py

bench-live: $(INSTALLED) ## the whole bot watching 430 pairs of a local venue, some thirteen minutes
	@$(BIN)/python benchmarks/live.py

chaos: $(INSTALLED) ## long tests: writers and senders killed, thousands of faults, hostile chats, forgeries, random plans
	$(BIN)/python -m pytest tests/chaos
	DELIVERY_FAULTS=2000 $(BIN)/python -m pytest tests/integration/telegram/test_delivery_under_faults.py
	HOSTILE_QUESTIONS=30000 $(BIN)/python -m pytest $(TWO_AT_ONCE) tests/integration/chat/test_hostile_chats.py
	RANDOM_PLANS=100000 $(BIN)/python -m pytest tests/unit/risk/test_random_plans.py

pictures: $(INSTALLED) ## draw the pictures of README and docs again
	$(BIN)/python docs/pictures/draw_size.py
	$(BIN)/python docs/pictures/draw_statistics.py
	$(BIN)/python docs/pictures/draw_chat.py

lock: ## pin every dependency with hashes, for every platform (needs uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 --extra dev \
		--no-header --no-emit-index-url -o requirements.lock pyproject.toml

# A finished step leaves its mark, so that CI can tell whether one was left out.
MARK = mkdir -p $(DONE) && touch $(DONE)/$@
