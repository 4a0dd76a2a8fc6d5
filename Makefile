# The same commands for people and for CI. Each target's line after ## is what `make help` prints.
SHELL := bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON := .venv/bin/python
DESK := .venv/bin/frontdesk
# Rooms with Python in them; those that are still to come are left out.
ROOMS := $(wildcard actions benchmarks channels deploy engine frontdesk nlu)

FORCE ?=
STRICT ?=
UPGRADE ?=
TESTS ?= tests
# Most tests wait for a server, so two at a time pay even on two cores.
WORKERS ?= 2
QUESTIONS ?=
DIALOGUES ?=
URL ?=

.PHONY: help
help: ## List these commands
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1 \2/p' $(firstword $(MAKEFILE_LIST)) | awk '{printf "  %s %-9s", $$1, $$2; $$1 = $$2 = ""; print}'

.PHONY: install
install: ## Install everything into .venv; nothing to do when it is up to date
	@deploy/install.sh

.PHONY: run
run: install ## Train if needed, start everything, show the demo page's address [HOST= PORT=]
	@exec $(PYTHON) -m deploy.local run

.PHONY: shell
shell: install ## Talk to the assistant in the terminal
	@exec $(PYTHON) -m deploy.local shell

.PHONY: train
train: install ## Train the model if its content has changed [FORCE=1 trains anyway]
	@exec $(PYTHON) -m deploy.local train $(if $(FORCE),--force)

.PHONY: migrate
migrate: install ## Bring the database's tables up to date (make run does it too)
	@exec $(PYTHON) -m deploy.local migrate

.PHONY: test
test: install train ## Run the tests [TESTS=tests/frontdesk runs a part, WORKERS=0 one after the other]
	@$(PYTHON) -m pytest --numprocesses $(WORKERS) --dist loadfile $(TESTS)

.PHONY: check
check: lint types content ## Check style, types and content [STRICT=1 takes content warnings as errors]

.PHONY: lint
lint: install ## Check style and format only
	@$(PYTHON) -m ruff check $(ROOMS) tests
	@$(PYTHON) -m ruff format --check $(ROOMS) tests

.PHONY: types
types: install ## Check types only
	@$(PYTHON) -m mypy $(ROOMS)

.PHONY: content
content: install ## Check the facts store and the training data only [STRICT=1]
	@$(DESK) check $(if $(STRICT),--strict)
	@$(PYTHON) -m engine.launch data validate --fail-on-warnings --domain domain.yml --data data

.PHONY: evaluate
evaluate: install ## Measure answers on labelled questions [QUESTIONS=file.tsv DIALOGUES=file.tsv URL=of a running desk]
	@exec $(if $(URL),,$(PYTHON) -m deploy.local beside) $(PYTHON) -m benchmarks.evaluate --url $(or $(URL),{url}) $(if $(QUESTIONS),--questions "$(QUESTIONS)") $(if $(DIALOGUES),--dialogues "$(DIALOGUES)")

.PHONY: bench
bench: install train ## Measure speed and memory
	@$(PYTHON) -m benchmarks

.PHONY: lock
lock: ## Compile requirements.in to requirements.lock [UPGRADE=1 takes newer versions]
	@deploy/lock.sh $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## Remove what is made: models, caches, .venv; conversations and bookings stay
	@rm -rf .venv .rasa .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info var/models var/encoder var/tools var/train.log
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
