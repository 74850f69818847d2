# Everything runs in the active environment; `make` alone lists the targets.
PYTHON = python

.DEFAULT_GOAL := help
.PHONY: help quick check lint types imports test dist format reference run

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

test:     ## the tests
	$(PYTHON) -m pytest --numprocesses auto --dist worksteal

dist:     ## sdist, wheel in an empty environment, lowest versions; needs what pip installs from
	$(PYTHON) -m tools.distribution

format:   ## let ruff rewrite what it can
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

reference: ## write docs/reference.md from the code
	$(PYTHON) -m tools.reference

run:      ## open the sample texts
	$(PYTHON) -m ner_tui review sample_texts/
