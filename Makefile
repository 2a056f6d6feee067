# `make demo` and `make test` work on a fresh clone: what they need is set up in .venv the first time, by uv where there
# is one, else by venv and pip. Python 3.11 or newer is all that must be there.

VENV := .venv
BIN := $(VENV)/bin
LOCK := constraints.txt
SOURCES := segql tests benchmarks
SEEDS := 20
QUICK := --quick

# The tests start hundreds of processes: what one of them has compiled the next need not compile again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test fuzz nightly lint format lock newest lowest clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo    see a sentence become SQL and members, on a made-up shop'
	@echo 'make test    run the tests (a few minutes at most)'
	@echo 'make fuzz    random rules on random shops until Ctrl-C (FUZZ="--engine postgres --pairs 10000")'
	@echo 'make nightly 50,000 random segments, every case in its other ways, what draws examples with new ones'
	@echo 'make lint    check style, types and the direction of imports'
	@echo 'make format  put the code into the house style'
	@echo 'make lock    renew the versions that all of this uses ($(LOCK))'
	@echo 'make newest  run the tests with the newest versions that are allowed, `make lowest` with the lowest'
	@echo 'make clean   remove .venv and what the tools left behind'
	@echo
	@echo '.ci/run      everything: tests, lints, the wheel alone, the long suites'

demo: $(VENV)/.user
	@$(BIN)/segql demo

test: $(VENV)/.developer
	@$(BIN)/python -m pytest $(QUICK) -n auto --maxprocesses 8 --dist worksteal

fuzz: $(VENV)/.developer
	@$(BIN)/python -m tests.fuzz $(FUZZ)

nightly: $(VENV)/.developer
	@$(BIN)/python -m pytest -m long -n auto --maxprocesses 8 --dist worksteal --first-seed $$(date +%s)
	@$(BIN)/python -m pytest --seeds $(SEEDS) -n auto --maxprocesses 8 --dist worksteal
	@$(MAKE) newest lowest

lint: $(VENV)/.developer
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.developer
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

# The suite, or those of TESTS, with other versions than the lock's, but for the terminals in the docs, which show how the
# lock's click words its help. The oldest Python alone has wheels of all the lowest.
newest: RESOLUTION = highest
newest: PYTHON = $(BIN)/python
lowest: RESOLUTION = lowest-direct
lowest: PYTHON = 3.11
newest lowest: $(VENV)/.developer
	@$(venv); \
	if ! $$uv venv --quiet --clear --python $(PYTHON) $(VENV)/$@; then echo 'Left out: the versions that are $@.'; exit; fi; \
	$$uv pip install --quiet --python $(VENV)/$@/bin/python --resolution $(RESOLUTION) --editable '.[dev]' || exit; \
	$(VENV)/$@/bin/python -m pytest $(TESTS) --quick -n auto --maxprocesses 8 --dist worksteal \
		--deselect tests/docs/test_docs.py::test_console

# For every Python and system at once. Renewed as a whole: newer versions are taken on purpose, never by the way.
lock:
	@$(venv); \
	if [ -z "$$uv" ]; then echo 'make lock needs uv (https://docs.astral.sh/uv/)' >&2; exit 1; fi; \
	$$uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras --no-annotate \
		--custom-compile-command 'make lock' --output-file $(LOCK) pyproject.toml >/dev/null

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The stamps: what a user needs, and what a developer needs on top. A changed pyproject.toml sets up again.
$(VENV)/.user: pyproject.toml $(LOCK)
	@$(call install,.,what SegQL needs)
	@touch $@

$(VENV)/.developer: pyproject.toml $(LOCK)
	@$(call install,.[dev],what SegQL and its tests need)
	@touch $@ $(VENV)/.user

# Of every package the version that was last tried; pip and uv read it where it is named so.
$(VENV)/.user $(VENV)/.developer: export PIP_CONSTRAINT = $(LOCK)
$(VENV)/.user $(VENV)/.developer: export PIP_BUILD_CONSTRAINT = $(LOCK)
$(VENV)/.user $(VENV)/.developer: export UV_CONSTRAINT = $(LOCK)
$(VENV)/.user $(VENV)/.developer: export UV_BUILD_CONSTRAINT = $(LOCK)

# $(call install,REQUIREMENT,DESCRIPTION). uv needs a tenth of pip's time; where it cannot (an index that only pip knows how
# to reach), pip does it, and what uv said is told only where pip cannot either.
define install
set -e; \
echo 'Setting up .venv with $(2), once ...' >&2; \
$(venv); \
said=; \
if [ -n "$$uv" ]; then said=$$($$uv pip install --quiet --python $(BIN)/python --editable '$(1)' 2>&1) && exit; fi; \
$$pip install -qq --editable '$(1)' || { printf '%s\n' "$$said" >&2; exit 1; }
endef

# Makes .venv; `$$pip` and `$$uv` install into it, uv where there is one. Without `ensurepip` (Debian's bare python3) the
# system's pip fills the venv.
define venv
pip="$(BIN)/python -m pip --disable-pip-version-check"; \
if command -v uv >/dev/null 2>&1 && { test -x $(BIN)/python || uv venv -q --seed --python '>=3.11' $(VENV) 2>/dev/null; }; then \
	uv=uv; \
else \
	for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
		python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo 'SegQL needs Python 3.11 or newer, or uv (https://docs.astral.sh/uv/), which brings its own.' >&2; \
		exit 1; \
	fi; \
	if ! $(BIN)/python -c '' >/dev/null 2>&1; then \
		$$python -m venv $(VENV) >/dev/null 2>&1 || $$python -m venv --without-pip $(VENV); \
	fi; \
	$$pip --version >/dev/null 2>&1 || pip="$$python -m pip --disable-pip-version-check --python $(BIN)/python"; \
	uv=$(BIN)/uv; \
	$$pip install -qq uv 2>/dev/null || uv=; \
	export UV_DEFAULT_INDEX="$${PIP_INDEX_URL:-$$($$pip config get global.index-url 2>/dev/null || true)}"; \
fi
endef
