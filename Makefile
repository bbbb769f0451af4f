# The two commands that matter are `make run` and `make test`. Each sees to what it needs first, and
# only when something has changed since.

PYTHON ?= python3
PORT ?= 8000
OFFICE ?= demonstration
DATABASES ?= sqlite postgresql
# Handed to pytest as they stand
TESTS ?=
# How many files of tests run beside each other, each with a database of its own; 0 is one after another
BESIDE ?= auto

BIN := .venv/bin
CHECKS := format lint types imports templates

# Networks that look into what passes through them do so with a certificate that the machine trusts and
# uv by itself does not. Older releases of it know only the second name.
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The installers share caches and environments, and have little to do at the same time.
.NOTPARALLEL:
.PHONY: help run test bench check $(CHECKS:%=check-%) styles format lock clean

help: ## Say what can be made
	@echo 'make run, make test or one of:'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-9s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'OFFICE, PORT, DATA_DIR, DATABASE_URL and NOW may be given to run, TESTS, DATABASES and BESIDE to test,'
	@echo "CASES and DATABASE to bench, and UPGRADE=1 to lock. For instance: make test DATABASES=sqlite TESTS='-k deadline'"

run: .venv/.run styles ## Serve the office in OFFICE (demonstration) on PORT (8000)
	@OFFICE='$(OFFICE)' PORT='$(PORT)' $(BIN)/flask --app wsgi serve

test: .venv/.dev styles ## Run every test on SQLite, then on PostgreSQL
	@failed=; \
	for database in $(DATABASES); do \
	  printf '\nThe tests on %s\n' "$$database"; \
	  $(BIN)/python -m pytest --database "$$database" \
	    -n $(BESIDE) --maxprocesses 8 --dist loadfile --no-loadscope-reorder $(TESTS) || failed="$$failed $$database"; \
	done; \
	test -z "$$failed" || { printf '\nFailed on:%s\n' "$$failed"; exit 1; }

bench: .venv/.dev styles ## Measure the pages of large offices against a plain page (CASES, DATABASE)
	@CASES='$(CASES)' DATABASE='$(DATABASE)' $(BIN)/python -u -m tests.bench

check: .venv/.dev ## Check form, likely mistakes, types, who imports whom, and templates
	@failed=; \
	for check in $(CHECKS); do \
	  printf '\nChecking %s\n' "$$check"; \
	  $(MAKE) --no-print-directory --silent "check-$$check" || failed="$$failed $$check"; \
	done; \
	test -z "$$failed" || { printf '\nNot in order:%s\n' "$$failed"; exit 1; }

check-format: .venv/.dev
	@$(BIN)/ruff format --check .

check-lint: .venv/.dev
	@$(BIN)/ruff check .

check-types: .venv/.dev
	@$(BIN)/mypy

check-imports: .venv/.dev
	@$(BIN)/lint-imports --no-logo

# Only what djlint finds wrong: how it would lay templates out is a matter of taste, and hard on macros.
check-templates: .venv/.dev
	@$(BIN)/djlint templates --lint --quiet

format: .venv/.dev ## Lay the code out and mend what can be mended without thought
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

styles: static/build/casework.css static/build/images static/build/govuk-frontend.min.js static/build/moj-frontend.min.js ## Build the style sheet and the scripts it goes with

clean: ## Remove all that was made here, never an office's data
	@rm -rf .venv .node node_modules static/build .mypy_cache .pytest_cache .ruff_cache \
	  .import_linter_cache .hypothesis .coverage htmlcov
	@find app migrations tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true


# Python

.venv/bin/python:
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  if command -v uv >/dev/null; then exec uv venv --quiet --clear --seed --python '>=3.11' .venv; fi; \
	  echo "Second Read needs Python 3.11 or newer, and $(PYTHON) here is $$($(PYTHON) --version 2>/dev/null || echo missing)." >&2; \
	  exit 1; \
	fi; \
	if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo 'Python here cannot make virtual environments: install python3-venv (its name on Debian and Ubuntu).' >&2; \
	  exit 1; \
	fi; \
	$(PYTHON) -m venv --clear .venv

# An environment whose Python has been removed from the machine is made anew with all that was in it.
ifneq ($(shell test -x .venv/bin/python && echo there),there)
.PHONY: .venv/.run .venv/.dev
endif
ifneq ($(shell test -x .node/bin/python && echo there),there)
.PHONY: .node/.ready
endif

# Puts what the first prerequisite lists into the environment of the target, each file checked by its hash
define install
@echo 'Installing what $< lists'
@if command -v uv >/dev/null; then \
  uv pip install --quiet --python $(@D)/bin/python --require-hashes -r $<; \
else \
  $(@D)/bin/python -m pip install --quiet --require-hashes -r $<; \
fi
@touch $@
endef

.venv/.run: requirements.txt .venv/bin/python
	$(install)

# All that .run has, and more
.venv/.dev: requirements-dev.txt .venv/bin/python
	$(install)
	@touch .venv/.run


# Style sheet and scripts

# The machine's Node if it is new enough, else one in an environment of its own, found before the other.
NODE_WILL_DO := node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1
WITH_NODE = PATH="$(CURDIR)/.node/bin:$$PATH"

define node
+@$(WITH_NODE); $(NODE_WILL_DO) || $(MAKE) --no-print-directory .node/.ready
endef

.node/.ready: requirements-node.txt .node/bin/python
	$(install)

.node/bin/python: .venv/bin/python
	@$(BIN)/python -m venv --clear .node

node_modules/.package-lock.json: package-lock.json
	$(node)
	@echo 'Installing what package-lock.json lists'
	@$(WITH_NODE) npm ci --loglevel=error >/dev/null
	@touch $@

# Quietly, as one of the two packages still uses what the other has deprecated, and it is theirs to mend.
# Without --no-error-css a mistake would leave a style sheet that only says so.
static/build/casework.css: $(wildcard static/*.scss) node_modules/.package-lock.json
	@mkdir -p $(@D)
	$(node)
	@$(WITH_NODE) node node_modules/sass/sass.js --style=compressed --no-source-map --no-error-css \
	  --quiet --load-path=. --load-path=node_modules static/casework.scss $@

static/build/govuk-frontend.min.js: node_modules/.package-lock.json
	@mkdir -p $(@D)
	@cp node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js $@

static/build/moj-frontend.min.js: node_modules/.package-lock.json
	@mkdir -p $(@D)
	@cp node_modules/@ministryofjustice/frontend/moj/moj-frontend.min.js $@

# The icons that the style sheet shows, and none of the crests that lie beside them
static/build/images: node_modules/.package-lock.json
	@mkdir -p $@
	@cp node_modules/@ministryofjustice/frontend/moj/assets/images/icon-*.svg $@
	@touch $@


# Locks

COMPILE = pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate \
  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

lock: .venv/bin/python ## Write the locks anew from pyproject.toml and package.json
	@set -e; uv=uv; \
	if ! command -v uv >/dev/null; then \
	  scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	  $(BIN)/python -m venv "$$scratch"; "$$scratch/bin/pip" install --quiet uv; uv="$$scratch/bin/uv"; \
	fi; \
	"$$uv" $(COMPILE) pyproject.toml -o requirements.txt >/dev/null; \
	"$$uv" $(COMPILE) pyproject.toml --group dev -o requirements-dev.txt >/dev/null; \
	"$$uv" $(COMPILE) --group node -o requirements-node.txt >/dev/null
	$(node)
	@$(WITH_NODE) npm install --package-lock-only --loglevel=error >/dev/null
