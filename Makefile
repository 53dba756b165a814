.PHONY: web types demo test static page formulas rosters rooms journeys clean
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
WEB := agent_desktop/web
NPM := $(BIN)/python scripts/npm.py
# Tests start the platform dozens of times: what one start has compiled is there for the next.
unexport PYTHONDONTWRITEBYTECODE

$(BIN)/uv:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet uv

$(VENV)/.synced: pyproject.toml uv.lock | $(BIN)/uv
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv sync --system-certs --quiet --frozen --active --inexact --all-groups
	@touch $@

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json $(WEB)/.npmrc | $(VENV)/.synced
	$(NPM) ci --loglevel=error
	@touch $@

# Folders count as well, so that a deleted file is noticed.
$(WEB)/dist/index.html: $(WEB)/node_modules/.package-lock.json $(WEB)/index.html $(WEB)/package.json \
		$(WEB)/tsconfig.json $(WEB)/vite.config.ts $(shell find $(WEB)/src)
	$(NPM) run build

web: $(WEB)/dist/index.html

# The page's types of the HTTP API, from the server's own description.
types: $(WEB)/node_modules/.package-lock.json
	$(BIN)/python scripts/openapi.py | $(NPM) run --silent types

# make demo ARGS="--lang en --speed 3"
demo: web
	@$(BIN)/callfloor demo $(ARGS)

# Everything beside everything: journeys and rooms often wait (for people, telephones, processes), the others only
# compute and leave the processor to them. Each says what it found when it is done.
test: $(VENV)/.synced web
	scripts/peers
	@$(MAKE) --no-print-directory --keep-going --jobs=6 --output-sync=target journeys rooms formulas rosters static page

static: $(VENV)/.synced
	nice -n 10 $(BIN)/ruff check .
	nice -n 10 $(BIN)/ruff format --check .
	nice -n 10 $(BIN)/mypy
	nice -n 10 $(BIN)/lint-imports

page: $(VENV)/.synced web
	nice -n 10 $(NPM) run check
# One module loader for all files: they test functions, and whoever replaces a global puts it back.
	nice -n 10 $(NPM) test -- --no-isolate

# Files are shared out among processes.
BESIDE := --dist loadfile -n
COMPUTE := $(addprefix tests/,domain acd forecasting ivr simulation)

formulas: $(VENV)/.synced
	nice -n 5 $(BIN)/pytest -q $(COMPUTE)

rosters: $(VENV)/.synced
	nice -n 5 $(BIN)/pytest -q tests/scheduling

rooms: $(VENV)/.synced web
	$(BIN)/pytest -q $(BESIDE) 2 $(addprefix --ignore=,tests/journeys tests/scheduling $(COMPUTE))

journeys: $(VENV)/.synced web
	$(BIN)/pytest -q $(BESIDE) 2 tests/journeys

clean:
	rm -rf $(VENV) agent_desktop/web/dist agent_desktop/web/node_modules
