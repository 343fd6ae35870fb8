# make run: set up, answer the example question, open the chat.  make test: set up and test.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860

.PHONY: run test check setup milvus clean

run: $(VENV)/.run
	@$(BIN)/guiwen ask 济南2025年城镇化率目标
	@$(BIN)/guiwen app --port $(PORT)

test: $(VENV)/.dev
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

setup: $(VENV)/.dev

# The Milvus servers that some tests start, each in an environment of its own; they skip without.
milvus: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --editable ".[milvus,ray]"
	$(BIN)/python tests/milvus_servers.py

# torch first and pinned: anything looser lets other packages pull in several gigabytes of CUDA.
$(VENV)/.torch:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0
	@touch $@

$(VENV)/.run: $(VENV)/.torch pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.torch pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) build dist *.egg-info
