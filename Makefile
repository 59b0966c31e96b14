# Two commands for a fresh machine with Python and make: `make report` and `make test`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: report test lint types bench gpu golden package clean

# The pinned torch goes first: left to a range, pip may choose a build of several gigabytes.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt torch
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

# What tests need besides: tools, and published networks to compare with (without their own dependencies on torch builds).
$(VENV)/.developed: $(VENV)/.installed published.txt
	$(PIP) install --constraint constraints.txt --editable ".[dev]"
	$(PIP) install --no-deps --requirement published.txt
	touch $@

# For all that is timed; counts and identities take seconds besides.
BUDGET ?= 3m

report: $(VENV)/.installed
	$(BIN)/inception-analyze compare v1 v3 --no-measure
	$(BIN)/inception-analyze count --all --cross-check
	$(BIN)/inception-analyze report --budget $(BUDGET)

test: $(VENV)/.developed lint types
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2

lint: $(VENV)/.developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.developed
	$(BIN)/mypy

bench: $(VENV)/.developed
	$(BIN)/python -m benchmarks.counting
	$(BIN)/python -m benchmarks.judging
	$(BIN)/python -m benchmarks.gating
	$(BIN)/python -m benchmarks.reporting
	$(BIN)/python -m benchmarks.trust

# On a machine with a CUDA device: the marked tests, comparisons and kernel tables, into reports/gpu. STEPS="tests noise" runs some.
gpu: $(VENV)/.developed
	$(PIP) install --constraint constraints.txt --editable ".[gpu]"
	$(BIN)/python -m benchmarks.gpu $(STEPS)

# Writes the golden texts anew; read the difference before it is committed.
golden: $(VENV)/.developed
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest --quiet tests/test_golden.py tests/test_check_golden.py

package: $(VENV)/.developed
	$(BIN)/python -m build

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
