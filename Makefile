# make rehearsal   the journey on loopback          make test     format, lint, types, tests
# make pulumi      the real Pulumi CLI, from Go     make bench    one domain beside checkdmarc
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: rehearsal test coverage bench docs clean

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "sesgate needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[deploy,rehearsal,dev]'
	@touch $@

rehearsal: $(VENV)/.ready
	$(BIN)/python -m rehearsal

test: $(VENV)/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/python -m pytest -q -n auto --dist loadfile

# Branch coverage of what judges, measured and kept: it may not fall below this.
coverage: $(VENV)/.ready
	$(BIN)/python -m pytest -q -n auto --dist loadfile tests/checks tests/contract tests/blackbox \
	  --cov=checks --cov=contract --cov-branch --cov-report=term:skip-covered --cov-fail-under=97

bench: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m bench one

docs: $(VENV)/.ready
	$(BIN)/python -m checks.dns.document

include tools/pulumi.mk

clean:
	rm -rf $(VENV) .tools .mypy_cache .ruff_cache .pytest_cache build *.egg-info
