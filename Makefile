# Everything runs in the active environment; `make` alone lists the targets.
PYTHON = python
# Tests of the app wait for it a third of their time.
WORKERS = --numprocesses $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) * 3 // 2)') --dist worksteal

# Each of the processes that run tests reads all of them, and many tests begin the program: what one compiled is there for the next.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help quick check thorough lint types imports test dist format reference run

help:     ## list the targets
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

check: lint imports  ## everything that must pass before a commit
	$(MAKE) --no-print-directory --jobs=2 types test

quick:    ## lint, types, and the tests near what changed since main, in half a minute
	$(PYTHON) -m tools.quick

lint:     ## ruff, without changing a file
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types:    ## mypy --strict, tests too
	$(PYTHON) -m mypy --strict

imports:  ## the directions between packages
	lint-imports

test:     ## the tests, but for what only `make thorough` tries
	$(PYTHON) -m pytest $(WORKERS) -m "not thorough"

thorough: ## whole programs on terminals and in browsers, kills, long series, and eight times the examples of properties
	NER_TUI_THOROUGH=1 $(PYTHON) -m pytest $(WORKERS) -m "thorough or hypothesis"

dist:     ## sdist, wheel in an empty environment, lowest versions; needs what pip installs from
	$(PYTHON) -m tools.distribution

format:   ## let ruff rewrite what it can
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

reference: ## write docs/reference.md from the code
	$(PYTHON) -m tools.reference

run:      ## open the sample texts
	$(PYTHON) -m ner_tui review sample_texts/
