# 一窗 Yichuang. `make run` opens a district on this machine, `make test` proves it, `make check` reads it.
# Needs Python >= 3.11 and make; nothing is installed outside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
APPS := common organisations notifications documents deadlines catalogue intake inspections approvals supervision sample config

.PHONY: run test coverage look check lock messages openapi docs clean
.DEFAULT_GOAL := run

run: $(VENV)/.runtime
	@exec $(PY) -m config.runner

# A file runs in one process, so that what it loads once is loaded once; the order is the suite's
# own, files with slow tests first.
test: $(VENV)/.development
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

# Which lines and branches the suite walks; some seventeen minutes on two cores.
coverage: $(VENV)/.development
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov=. --cov-report=term:skip-covered $(ARGS)

# Every page as each role reaches it, at both widths, with axe; the pictures lie in build/look.
look: $(VENV)/.development
	LOOK_AT=$(or $(LOOK_AT),build/look) $(PY) -m pytest -m pages tests/pages $(ARGS)

check: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy $(APPS)
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check_translations
	env $$($(PY) -m config.runner.keys) PRODUCTION=1 ALLOWED_HOSTS=yichuang.invalid VAR_DIR=build/check \
	  $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) manage.py check_docs

# Files made from the code; `make check` fails when they are stale.
openapi: $(VENV)/.runtime
	$(PY) manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn

docs: $(VENV)/.runtime openapi
	$(PY) manage.py env_help --markdown > docs/settings.md

messages: $(VENV)/.runtime
	@for app in $(APPS); do \
	  if [ -d $$app/locale ]; then \
	    (cd $$app && ../$(PY) ../manage.py makemessages --locale zh_Hans --no-location --no-wrap --no-obsolete \
	      && ../$(PY) ../manage.py compilemessages --locale zh_Hans) || exit 1; \
	  fi; \
	done

# New versions within requirements*.in; the locks hold on Python 3.11 to 3.13.
lock: $(VENV)/.development
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) var build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(PY):
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "需要 Python 3.11 或更高版本。  Please install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本：PYTHON=python3.12 make run  Python 3.11 or newer is needed; this is `$(PYTHON) -V 2>&1`."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "缺少 venv 组件：apt-get install python3-venv  Please install the venv module: apt-get install python3-venv"; exit 1; }
	@echo "建立 $(VENV)  Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(PY)
	@echo "安装组件（仅第一次）  Installing packages (first time only)"
	@$(PIP) install --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	@echo "安装测试组件（仅第一次）  Installing test packages (first time only)"
	@$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

bench-%: $(VENV)/.development
	$(PY) bench/$*.py
