# Every target sets up what it needs: Python 3.11 or later, make and git are presumed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
export JUPYTER_PLATFORM_DIRS := 1
# hundreds of processes would each compile what they import, where the environment forbids to keep it
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report test test-long lint size golden lab build notebooks lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The lock is whole, so nothing is resolved here: pip would weigh versions that are not in it, and refuse them. An editable
# project cannot be installed under --require-hashes: the build backend is in the lock, the project follows alone.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than 3.11; run make PYTHON=python3.11 …"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
	@touch $@

report: $(READY)  ## tables and readable reports: opens with reports/index.html
	$(BIN)/rvdata build
	$(BIN)/rvdata report
	@echo "open reports/index.html"

test: lint size  ## style, size, and every test, the published notebooks included
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

lint: $(READY)  ## formatter, linter and type checker
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

size: $(READY)  ## lines by package, beside their budgets
	$(BIN)/python benchmarks/size.py

golden: $(READY)  ## what reports, tables and commands say, written anew into tests/golden
	$(BIN)/python tests/golden/make.py

test-long: $(READY)  ## long property campaigns, commands side by side and killed, 200 reports on a cluster, the published notebooks ten times in a row
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -q -n 2 tests/figurefind
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -q tests/test_intake.py -k any_text
	$(BIN)/python tests/side_by_side.py 50
	$(BIN)/python tests/kills.py 75
	$(BIN)/python benchmarks/nbfleet/cluster.py --timed 24
	for run in 1 2 3 4 5 6 7 8 9 10; do $(BIN)/python -m pytest -q --nbval notebooks || exit 1; done

lab: $(READY)  ## JupyterLab, opened on notebooks/start.ipynb
	$(BIN)/python -m nbfleet.kernels $(BIN)/jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks/start.ipynb \
	  --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

build: $(READY)  ## data/raw to data/processed
	$(BIN)/rvdata build

notebooks: $(READY)  ## run the published notebooks again in place, after data or code have changed
	$(BIN)/rvdata build
	$(BIN)/rvdata refresh

lock: $(READY)  ## pin the newest versions that fit pyproject.toml (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url -o requirements.lock
	uv pip compile requirements-browser.in -c requirements.lock --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url -o requirements-browser.lock

clean:  ## remove the environment and the reports
	rm -rf $(VENV) reports
