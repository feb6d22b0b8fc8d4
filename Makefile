# rnnviz: `make run` opens the program, `make test` runs every check, `make help` lists the rest.
VENV := .venv
NOQT := .venv-noqt
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP_INSTALL := -m pip install --quiet --no-input

CORE_REQUIREMENTS := requirements/core.txt
RUN_REQUIREMENTS := requirements/build.txt requirements/run.txt $(CORE_REQUIREMENTS)
DEV_REQUIREMENTS := $(RUN_REQUIREMENTS) requirements/dev.txt requirements/pytest.txt
NOQT_REQUIREMENTS := requirements/noqt.txt requirements/pytest.txt $(CORE_REQUIREMENTS)
FLOORS_WITHOUT_QT := $(wildcard $(addprefix tests/,trace engine tasks interop analysis session scene))

.DEFAULT_GOAL := help
.PHONY: help run venv test lint bench wheel clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  make \1#\2/p' $(MAKEFILE_LIST) | column -t -s '#'

# --- environments: made once, renewed when the requirement files change --------------------------

$(PY):
	@python=$$(scripts/find-python.sh) && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)

$(VENV)/.run-installed: $(RUN_REQUIREMENTS) pyproject.toml | $(PY)
	@echo "Installing what the program needs (once) …"
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
