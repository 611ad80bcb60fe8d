PYTHON ?= python3
BIN := .venv/bin
# Half as many processes again as cores, four at most: servers, browsers and disks are waited for.
WORKERS = $(shell $(PYTHON) -c "import os; print(min(4, os.cpu_count() * 3 // 2))")
PARALLEL = -n $(WORKERS) --dist worksteal
# What one process has compiled, the next reads: tests start servers, and three processes read all.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run install test test-long affected races engines browsers mutants check check-types check-rest bench migration format lock clean setup setup-test

help:
	@echo "Salon des maires. From the environment: PORT, HOST, DATABASE_URL, SALON_DATA."
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' \
		| while IFS='|' read -r name does; do printf '%-18s %s\n' "$$name" "$$does"; done

run: setup ## starts the fair, with its demonstration on an empty database
	@[ -n "$$SALON_ENV" ] || export SALON_DEMONSTRATION="$${SALON_DEMONSTRATION-1}"; \
		exec $(BIN)/salon serve --migrate

install: ## installs the service without its checkout: make install PREFIX=/opt/salon/1.0
	@$(PYTHON) scripts/install.py "$(PREFIX)"

test: setup-test ## what each rule, page and document promises, before every commit (some: make test ARGS=tests/badges)
	@$(BIN)/python -m pytest $(PARALLEL) -m "not long" $(ARGS)

test-long: setup-test ## all the other tests, before a merge: every width and journey, whole fairs, installations
	@$(BIN)/python -m pytest $(PARALLEL) -m long $(ARGS)

affected: setup-test ## while working: tests of what changed since main, by who imports it (BASE=another commit)
	@tests=$$($(BIN)/python -m scripts.affected $(BASE)) && [ -z "$$tests" ] \
		|| $(BIN)/python -m pytest $(PARALLEL) -m "not long" $$tests $(ARGS) || [ $$? = 5 ]

races: setup-test ## every race, 200 rounds on both databases, with its control
	@RACE_ROUNDS=200 $(BIN)/python -m pytest $(PARALLEL) -m race $(ARGS)

engines: setup-test ## every test marked on_both on PostgreSQL, where the suite runs those that send it a statement of their own
	@EVERY_TWIN=1 $(BIN)/python -m pytest $(PARALLEL) -m postgres $(ARGS)

browsers: setup-test ## every journey in Chromium, Firefox and WebKitGTK, as a table; printing through CUPS; three as a screen reader says them
	@EVERY_JOURNEY=1 $(BIN)/python -m pytest tests/browsers $(ARGS)
	@$(BIN)/python -m pytest -rP --show-capture=stdout tests/browser/test_screen_reader.py

mutants: ## breaks rules and engines 150 times by chance, and lists what no test notices: half an hour (docs/mutants.md)
	@$(PYTHON) scripts/set_up.py mutants
	@$(BIN)/python -m scripts.mutants $(ARGS)

check: setup-test ## format, lint, types (Python and JavaScript), imports, locks, migrations and seed on both databases
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-types check-rest

check-types:
	@$(BIN)/mypy salon webserver untrusted_files

check-rest:
	@$(BIN)/ruff format --check --quiet . || { echo "Type make format."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/check_locks.py
	@$(BIN)/python -m scripts.check_javascript
	@$(BIN)/python -m scripts.check_database

bench: setup-test ## loads and attacks, each figure beside its floor (with BENCH_BASE=v1.0, beside that commit)
	@$(BIN)/python -m bench $(ARGS)

migration: setup-test ## writes the next migration from the models: make migration m="adds halls"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="adds halls"'; exit 1; }
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && export SALON_DATA="$$data" \
		&& unset DATABASE_URL \
		&& last=$$(ls migrations/versions/[0-9]*.py | sed 's|.*/||; s|_.*||' | tail -n 1) \
		&& number=$$(printf %04d $$(expr "$$last" + 1)) \
		&& $(BIN)/flask --app app db upgrade \
		&& $(BIN)/flask --app app db migrate -m "$(m)" --rev-id "$$number" \
		&& $(BIN)/ruff format --quiet migrations \
		&& echo "Read it before you keep it."

format: setup-test ## formats the code and mends what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: setup ## writes the lock files again from pyproject.toml and package.json (raise one: make lock ARGS=flask, or ARGS=all)
	@$(BIN)/python scripts/lock.py $(ARGS)

clean: ## removes all that make has made, except the data in var/
	@rm -rf .bench .venv .vendor .vendor-test static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

setup:
	@$(PYTHON) scripts/set_up.py run

setup-test:
	@$(PYTHON) scripts/set_up.py test
