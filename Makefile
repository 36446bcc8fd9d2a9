# One thin line over each command: `python -m indexer|assistant|legacy_clients|evals --help` has the rest.
# Targets make what they need first: the environment (once), and the sample's index where there is none.

PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
OFFLINE := HF_HUB_OFFLINE=1 GRADIO_ANALYTICS_ENABLED=False ANONYMIZED_TELEMETRY=False
# Kept apart from the shell's eyes: a question may hold quotes and dollars.
export WHOPLAYED_QUESTION := $(value Q)
ifneq ($(INDEX),)
export WHOPLAYED_INDEX := $(INDEX)
endif
export PYTHON VENV

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install index chat ask test test-real check fix evals genre-server genre-client wheelhouse lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

$(RUN): requirements.lock .ci/install
	@.ci/install run

$(DEV): requirements-dev.lock .ci/install
	@.ci/install dev

install: $(RUN) ## make .venv with all that the program needs (TORCH_INDEX=address of CPU wheels of torch)

index: $(RUN) ## build an index: the bundled sample, or DATA=DIR [OVERVIEWS=CSV] [KEYWORDS=CSV] [GENRES=DIR] [INDEX=DIR]
	$(OFFLINE) $(PY) -m indexer build $(if $(DATA),--data "$(DATA)") $(if $(OVERVIEWS),--overviews "$(OVERVIEWS)") $(if $(KEYWORDS),--keywords "$(KEYWORDS)") $(if $(GENRES),--genre-data "$(GENRES)")

# Only a missing index is built; one that is too old or damaged is left for its owner, and the command says so.
define sample_index
@test -e "$$($(PY) -c 'from indexer.settings import index_path; print(index_path())')/current" || $(OFFLINE) $(PY) -m indexer build
endef

chat: $(RUN) ## open the chat page [HOST=127.0.0.1] [PORT=7860] [INDEX=DIR]
	$(sample_index)
	$(OFFLINE) $(PY) -m assistant chat $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)")

ask: $(RUN) ## answer one question: make ask Q="who played the Oracle in the first Matrix"
	@test -n "$$WHOPLAYED_QUESTION" || { echo 'Say what to ask: make ask Q="who played the Oracle in the first Matrix"' >&2; exit 2; }
	$(sample_index)
	@$(OFFLINE) $(PY) -m assistant ask "$$WHOPLAYED_QUESTION"

test: $(DEV) ## run the tests: no network, GPU, display or data needed
	$(OFFLINE) $(PY) -m pytest -q --numprocesses 2 --dist loadfile

test-real: $(DEV) ## run the tests on IMDb's own files: REAL=DIR of the files, SETS=DIR of the question sets
	@test -d "$(REAL)" && test -d "$(SETS)" || { echo 'Say where they lie: make test-real REAL=DIR SETS=DIR' >&2; exit 2; }
	$(OFFLINE) $(PY) -m pytest -q -m real --real "$(REAL)" --sets "$(SETS)"

check: $(DEV) ## style, types, direction of imports, documents; edits nothing
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) .ci/check_docs.py

fix: $(DEV) ## mend what ruff can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

evals: $(DEV) ## list the evaluations, or run some: NAMES="questions linking" [SETS=DIR] [DATA=DIR] [INDEX=DIR]
	$(if $(NAMES),$(sample_index))
	$(OFFLINE) $(PY) -m evals $(if $(NAMES),run $(NAMES) $(if $(SETS),--sets "$(SETS)") $(if $(DATA),--data "$(DATA)"),list)

genre-server: $(RUN) ## serve the older genre demo over HTTP
	$(sample_index)
	$(OFFLINE) $(PY) -m legacy_clients server

genre-client: $(RUN) ## open the older genre demo's window
	@$(PY) -c 'import tkinter' 2>/dev/null || { echo 'This Python has no tkinter. Debian keeps it in a package of its own: apt-get install python3-tk' >&2; exit 1; }
	$(PY) -m legacy_clients client

wheelhouse: $(DEV) ## download all wheels into ./wheelhouse, to install without a network
	@.ci/wheelhouse wheelhouse

lock: $(DEV) ## pin all dependencies again, with hashes, after a change of pyproject.toml
	@.ci/lock

clean: ## remove caches and build products (not .venv, the wheelhouse or an index)
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find indexer assistant legacy_clients evals tests .ci typings -name __pycache__ -type d -prune -exec rm -rf {} +
