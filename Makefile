# rnnviz: `make run` opens the program, `make test` runs every check, `make help` lists the rest.
VENV := .venv
NOQT := .venv-noqt
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Under these Python 3.11 reads no folder with letters beyond ASCII out of an environment's path.
ifneq ($(filter C POSIX,$(LC_ALL)),)
export LC_ALL := C.UTF-8
endif
PIP_INSTALL := -m pip install --quiet --quiet --no-input

CORE_REQUIREMENTS := requirements/core.txt
RUN_REQUIREMENTS := requirements/build.txt requirements/run.txt $(CORE_REQUIREMENTS)
DEV_REQUIREMENTS := $(RUN_REQUIREMENTS) requirements/dev.txt requirements/pytest.txt
NOQT_REQUIREMENTS := requirements/noqt.txt requirements/pytest.txt $(CORE_REQUIREMENTS)
WORKERS := 2
FLOORS_WITHOUT_QT := $(wildcard $(addprefix tests/,trace engine tasks interop analysis session scene))

.DEFAULT_GOAL := help
.PHONY: help run venv test lint bench gallery wheel clean distclean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  make \1#\2/p' $(MAKEFILE_LIST) | column -t -s '#'

# --- environments: made once, renewed when the requirement files change --------------------------

$(PY):
	@python=$$(scripts/find-python.sh) && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)

$(VENV)/.run-installed: $(RUN_REQUIREMENTS) pyproject.toml | $(PY)
	@echo "Installing what the program needs (once) …"
	@# Where the making of the environment was cut short it has no pip.
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip --default-pip >/dev/null
	@$(PY) $(PIP_INSTALL) -r requirements/build.txt -r requirements/run.txt
	@$(PY) $(PIP_INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev-installed: $(DEV_REQUIREMENTS) $(VENV)/.run-installed
	@echo "Installing what the checks need (once) …"
	@$(PY) $(PIP_INSTALL) -r requirements/dev.txt
	@touch $@

$(NOQT)/.installed: $(NOQT_REQUIREMENTS) | $(PY)
	@echo "Making $(NOQT), the environment without Qt (once) …"
	@$(PY) -m venv --clear $(NOQT)
	@$(NOQT)/bin/python $(PIP_INSTALL) -r requirements/noqt.txt
	@touch $@

venv: $(VENV)/.dev-installed  ## make the development environment .venv

# --- the program ---------------------------------------------------------------------------------

run: $(VENV)/.run-installed  ## open the program: a network learns "hello" (ARGS="…" are passed on)
	@$(PY) -m rnnviz.app.system_check
	@$(PY) main.py $(ARGS)

# --- checks --------------------------------------------------------------------------------------

lint: $(VENV)/.dev-installed  ## style, types and import contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: lint $(NOQT)/.installed  ## every check: lint, all tests, and floors 1 to 4 again without Qt
	@$(PY) -m rnnviz.app.system_check --platform offscreen
	$(PY) -m pytest -n $(WORKERS) $(PYTEST_ARGS)
	@! $(NOQT)/bin/python -c 'import PySide6' 2>/dev/null || { echo "$(NOQT) holds Qt"; exit 1; }
	PYTHONPATH=$(CURDIR) $(NOQT)/bin/python -m pytest -n $(WORKERS) $(PYTEST_ARGS) $(FLOORS_WITHOUT_QT)

bench: $(VENV)/.dev-installed  ## measure the engine and the window
	@for benchmark in benchmarks/*.py; do echo "== $$benchmark"; $(PY) $$benchmark || exit 1; done

gallery: $(VENV)/.dev-installed  ## make the pictures of the README and docs/gallery.md anew
	$(PY) scripts/gallery.py

wheel: $(VENV)/.dev-installed  ## build the wheel into dist/
	@$(PY) -m hatchling build -t wheel -d dist

# --- tidying -------------------------------------------------------------------------------------

clean:  ## remove what runs, checks and builds left behind
	rm -rf out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find rnnviz tests -name __pycache__ -type d -exec rm -rf {} +

distclean: clean  ## clean, and remove the environments
	rm -rf $(VENV) $(NOQT)
