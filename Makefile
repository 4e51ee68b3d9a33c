# Everything a person needs is here; `make` alone lists it. A second run sets nothing up again.
.DEFAULT_GOAL := help
.PHONY: help serve test elsewhere check fmt lint docs bench judge requirements clean

# The newest Python of 3.11 to 3.14 that really runs on this machine.
PYTHON := $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; then echo $$name; break; fi; done)
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet install
PHKG := $(VENV)/bin/phkg

help: ## List what there is to make.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: $(VENV)/run.stamp ## Check the registry and serve pages and SPARQL on http://127.0.0.1:8000.
	@$(PHKG) serve

test: $(VENV)/test.stamp $(VENV)/browser ## Run all tests (sets up everything they need, a browser included).
	@$(VENV)/bin/python -m pytest -n 2 --dist loadfile

elsewhere: $(VENV)/test.stamp $(VENV)/browser ## Run the tests of pages and API once more, from a SPARQL store as a process of its own.
	@cd tests/publishing && PHKG_TEST_STORE=oxigraph ../../$(VENV)/bin/python -m pytest -n 2 --dist loadfile \
		test_api.py test_as_of.py test_linked_data.py test_pages.py test_schema_org.py test_site_map.py test_twins.py

check: $(VENV)/run.stamp ## Check the records: syntax, form, shapes.
	@$(PHKG) fmt --check
	@$(PHKG) validate

fmt: $(VENV)/run.stamp ## Write every Turtle file in its one canonical form.
	@$(PHKG) fmt

lint: $(VENV)/test.stamp ## Write the Python code in its one form, and say what is left to mend by hand.
	@$(VENV)/bin/python -m ruff check --fix --quiet
	@$(VENV)/bin/python -m ruff format --quiet

docs: $(VENV)/run.stamp ## Write the generated reference pages in docs/reference/ anew.
	@$(PHKG) docs

bench: $(VENV)/test.stamp ## Measure speed and memory beside peers; the results go to benchmarks/results/.
	@$(VENV)/bin/python -m benchmarks

judge: $(VENV)/test.stamp $(VENV)/browser ## Judge the pages of a running `make serve` by the Nu Html Checker and Lighthouse (needs Java and npm).
	@$(VENV)/bin/python tools/judge_pages.py

requirements: $(VENV)/run.stamp ## Pin the newest dependencies that pyproject.toml allows, with hashes (needs uv).
	@tools/pin-requirements

clean: ## Remove everything that was set up or built.
	@rm -rf $(VENV) build dist .pytest_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "phkg needs Python 3.11, 3.12, 3.13 or 3.14, and none was found: install one (https://www.python.org) and run this again." >&2; exit 2; }
	@echo "Setting up a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian and Ubuntu: apt install python3-venv) and run this again." >&2; exit 2; }

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned dependencies ..."
	@$(PIP) --require-hashes -r requirements/run.txt || { echo "The pinned dependencies could not be installed (see above): is the network, or a mirror of PyPI, reachable?" >&2; exit 2; }
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(VENV)/bin/python -m compileall -q src
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes -r requirements/test.txt || { echo "What the tests need could not be installed (see above): is the network, or a mirror of PyPI, reachable?" >&2; exit 2; }
	@touch $@

$(VENV)/browser: tools/find_browser.py | $(VENV)/test.stamp
	@$(VENV)/bin/python tools/find_browser.py > $@.new && mv $@.new $@ || { rm -f $@.new; exit 2; }
