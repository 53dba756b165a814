.PHONY: web types demo test clean
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
WEB := agent_desktop/web
NPM := $(BIN)/python scripts/npm.py

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

test: $(VENV)/.synced web
	scripts/peers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run check
	$(NPM) test
	@mkdir -p test-results
	@# Journeys mostly wait for people and telephones: they run beside the other tests.
	@$(BIN)/pytest -q tests/journeys >test-results/journeys.txt 2>&1 & journeys=$$!; \
	$(BIN)/pytest -q --ignore=tests/journeys; rest=$$?; \
	wait $$journeys; beside=$$?; \
	echo "the journeys:"; cat test-results/journeys.txt; \
	exit $$((rest | beside))

clean:
	rm -rf $(VENV) agent_desktop/web/dist agent_desktop/web/node_modules
