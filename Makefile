# Two targets matter: `make run` and `make test`. Only Python 3.11, git and make are presumed.
PYTHON ?= python3.11
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test trust fuzz check fix bench proof scale browsers lock wheel

run: .venv/run
	$(BIN)/stepwell run $(ARGS)

test: .venv/test browsers check
	$(BIN)/python -m pytest -n 2 -m "not proof" $(ARGS)

trust: .venv/test browsers
	$(BIN)/python -m pytest -n 2 -m trust $(ARGS)

check: .venv/test
	.ci/check

fix: .venv/test
	$(BIN)/ruff check --fix --quiet stepwell tests bench requirements
	$(BIN)/ruff format --quiet stepwell tests bench requirements
	-git ls-files -z -- 'stepwell/*.html' | xargs -0 $(BIN)/djade --target-version 5.2

bench: .venv/bench
	$(BIN)/python -m bench $(ARGS)

proof: .venv/test
	$(BIN)/python -m pytest -n 2 -m proof $(ARGS)

scale: .venv/test
	$(BIN)/python -m tests.scale $(ARGS)

# An environment of its own: what schemathesis brings would load into every run of the tests.
fuzz: .venv-fuzz/made
	for name in wxr hsds nppes csv; do DJANGO_SETTINGS_MODULE=tests.settings .venv-fuzz/bin/python -m tests.fuzz.readers $$name .venv-fuzz/$$name -max_total_time=$${SECONDS_EACH:-600} -rss_limit_mb=1024 -timeout=20 || exit 1; done

.venv-fuzz/made: requirements/fuzz.txt requirements/run.txt
	$(PYTHON) -m venv .venv-fuzz
	for name in run build fuzz; do .venv-fuzz/bin/python -m pip install --quiet --require-hashes -r requirements/$$name.txt; done
	.venv-fuzz/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

browsers:
	@.ci/browsers

wheel: .venv/test
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

lock: .venv/test
	for name in build run test bench fuzz; do $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file=requirements/$$name.txt requirements/$$name.in; done

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: requirements/run.txt | .venv/bin/python
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --require-hashes -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

.venv/bench: requirements/bench.txt .venv/test
	$(PIP) install --require-hashes -r requirements/bench.txt
	touch $@

.venv/test: requirements/test.txt .venv/run
	$(PIP) install --require-hashes -r requirements/test.txt
	touch $@
