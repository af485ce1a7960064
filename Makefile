# Every target makes what it needs, from nothing, and does nothing twice.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCENARIO ?= video_service
NODES ?= 1

.PHONY: demo test bench lint format kafka registry lock pictures vendor schema clean
.DEFAULT_GOAL := demo

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

demo: $(VENV)/.installed
	$(BIN)/greenroom demo $(SCENARIO)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --dist loadfile

bench: $(VENV)/.installed-dev
	$(BIN)/python -m bench

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(VENV)/.installed
	$(BIN)/greenroom scenario schema > docs/scenario.schema.json
	$(BIN)/greenroom scenario asyncapi video_service > docs/asyncapi.json

pictures: $(VENV)/.installed-dev
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/page_pictures.py

vendor: $(VENV)/.installed
	$(BIN)/python docs/vendored.py

kafka: $(VENV)/.installed
	$(BIN)/python -m streams.cluster.apache --nodes $(NODES)

registry: $(VENV)/.installed
	$(BIN)/python -m streams.cluster.apicurio

# What the tests need is resolved first: it is the narrower of the two, and both must agree.
LOCKED = $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11

lock: $(VENV)/.installed-dev
	$(LOCKED) --extra dev pyproject.toml -o requirements-dev.lock
	$(LOCKED) -c requirements-dev.lock pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) .venv-peers .greenroom .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build *.egg-info
