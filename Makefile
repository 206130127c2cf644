# The menu. `make` alone lists it.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test generate docs check bump bench bench-pipeline interop clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv with everything in it

$(READY): pyproject.toml scripts/constraints.txt scripts/constraints-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "issuant needs Python 3.11 or newer; set PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint scripts/constraints.txt --constraint scripts/constraints-dev.txt hatchling editables
	$(BIN)/python -m pip install --quiet --constraint scripts/constraints.txt --constraint scripts/constraints-dev.txt --no-build-isolation --editable '.[dev]'
	$(BIN)/python -m compileall -q overlay generated
	@touch $@

demo: $(READY) ## regenerate, start the mocks, issue a key at every provider, and tell what happened
	@$(BIN)/python scripts/demo.py

test: $(READY) ## run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

generate: $(READY) ## bring specs/*/openapi.yaml and generated/ up to date with the vendored pages
	$(BIN)/python scripts/specs.py generate

docs: $(READY) ## write overlay/docs/reference from the docstrings and the command's help
	$(BIN)/python scripts/reference.py write

check: $(READY) ## regenerate elsewhere and compare every byte; lint, types, layers
	$(BIN)/python scripts/specs.py check
	$(BIN)/python scripts/reference.py check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

# What stands in these is text, whoever wrote it: make expands none of it, and the shell finds it in its environment.
$(foreach name,PROVIDER SPEC OVERLAY ACCEPT KEEP REPORT,$(eval override $(name) := $$(value $(name))))
export PROVIDER SPEC OVERLAY ACCEPT KEEP REPORT

bump: $(READY) ## take a new version of PROVIDER's pages from SPEC (a path or an address), or leave the tree as it is
	@$(if $(strip $(PROVIDER)),,$(error say which: make bump PROVIDER=galileo SPEC=page.md)) \
		set -f; set --; \
		for what in $$ACCEPT; do set -- "$$@" "--accept=$$what"; done; \
		[ -z "$$OVERLAY" ] || set -- "$$@" "--overlay=$$OVERLAY"; \
		[ -z "$$REPORT" ] || set -- "$$@" "--report=$$REPORT"; \
		case "$$KEEP" in ''|0|no|false) ;; *) set -- "$$@" --keep ;; esac; \
		$(BIN)/python scripts/specs.py bump "$$@" -- "$$PROVIDER" $$SPEC || [ $$? -eq 3 ]

bench: $(READY) ## measure beside bare httpx and print the table
	$(BIN)/python scripts/bench/run.py

bench-pipeline: $(READY) ## measure a build beside the bare generator and print the table
	$(BIN)/python scripts/bench/pipeline.py

interop: $(READY) .venv-interop/.ready ## let the vendors' own SDKs talk to the mocks and print what they did (installs them)
	@$(BIN)/python scripts/interop/run.py .venv-interop/bin/python

.venv-interop/.ready: scripts/constraints-interop.txt
	$(PYTHON) -m venv --clear .venv-interop
	.venv-interop/bin/python -m pip install --quiet --no-deps --requirement scripts/constraints-interop.txt
	@touch $@

clean: ## remove the virtual environment and every cache
	rm -rf .venv .venv-interop .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find overlay generated scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +
