# make demo        set up, train on phantoms, predict, show
# make test        set up, run the tests
# make test-thorough  set up, run the tests that make test leaves out: dear ones that hardly a change breaks
# make test-quick  set up, run what a change usually needs
# make coverage    the lines of lungseg and lungseg_course that none of the tests runs
# make lab         copy the notebooks into my_course, or bring those there up to date, and open them in JupyterLab
#                  (make lab LAB_ARGS=--no-browser: what follows goes to JupyterLab)
# make notebooks   build the notebooks from course/
# make figures     draw the pictures of images/ anew
# make test-jax    the core's tests on Keras' JAX backend
# make test-torch  the same on its PyTorch backend
# make test-oldest  the same with the oldest versions that pyproject.toml allows
# make test-browser  a student in JupyterLab, in Chromium
# make clean       remove the virtual environments (results/ stays)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PARALLEL := --dist=loadfile --no-loadscope-reorder
# The tests start some hundred processes: to compile the package for each of them would take a minute.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-thorough test-quick coverage lab notebooks figures student developer browser test-jax test-torch test-oldest test-browser clean

demo: student
	$(BIN)/python course/demo.py

test: developer
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python course/build.py --check
# mypy keeps one core busy for a while, so the tests begin beside it. If it finds something, that comes last.
	@$(BIN)/mypy > $(VENV)/mypy.txt 2>&1 & types=$$!; \
	$(BIN)/python -m pytest --numprocesses=3 $(PARALLEL) -m "not thorough"; result=$$?; \
	wait $$types || { cat $(VENV)/mypy.txt; result=1; }; exit $$result

test-thorough: developer
	$(BIN)/python -m pytest --numprocesses=3 $(PARALLEL) -m thorough

test-quick: developer
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses=2 $(PARALLEL) -m "not slow"

coverage: developer
	$(BIN)/python -m pytest --numprocesses=3 $(PARALLEL) --cov=lungseg --cov=lungseg_course --cov-report=term-missing:skip-covered

lab: student
	$(BIN)/python -m lungseg_course lab $(LAB_ARGS)

notebooks: developer
	$(BIN)/python course/build.py

figures: developer
	$(BIN)/python images/draw.py

# Quick if all is well; what has to be done otherwise, is said.
student: EXTRAS :=
developer: EXTRAS := dev
browser: EXTRAS := dev browser
student developer browser:
	@command -v $(PYTHON) > /dev/null || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed, and there is no $(PYTHON). Name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@GOAL="$(MAKECMDGOALS)" $(PYTHON) course/set_up.py $(EXTRAS)

# Keras on another backend: what the core needs beside it, and the tests of the core.
BESIDE_KERAS := keras numpy scipy scikit-image scikit-learn matplotlib pandas pillow joblib pooch tqdm click filelock jinja2
CORE_TESTS := tests/lungseg/test_unet.py tests/lungseg/test_unet_blocks.py tests/lungseg/test_losses.py \
  tests/lungseg/test_metrics.py tests/lungseg/test_pretrained.py tests/lungseg/test_generator_in_keras.py \
  tests/lungseg/augmentation tests/lungseg/training

.venv-%/ready: constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip install --quiet --constraint constraints.txt $* $(BESIDE_KERAS) pytest pytest-randomly
	.venv-$*/bin/python -m pip install --quiet --no-deps --editable .
	@touch $@

test-jax: .venv-jax/ready
	KERAS_BACKEND=jax .venv-jax/bin/python -m pytest $(CORE_TESTS)

test-torch: .venv-torch/ready
	KERAS_BACKEND=torch .venv-torch/bin/python -m pytest $(CORE_TESTS)

# pip takes the newest version that fits, and uv can take the oldest. Their own oldest versions, of what these need.
.venv-oldest/ready: pyproject.toml
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python -m pip install --quiet uv
	.venv-oldest/bin/uv pip install --quiet --python .venv-oldest/bin/python --resolution lowest-direct \
	  --requirement pyproject.toml "pytest>=8.0" "pytest-randomly>=3.15"
	.venv-oldest/bin/uv pip install --quiet --python .venv-oldest/bin/python --no-deps --editable .
	@touch $@

test-oldest: .venv-oldest/ready
	.venv-oldest/bin/python -m pytest $(CORE_TESTS) tests/lungseg/test_cli.py

test-browser: browser
	$(BIN)/python -m pytest -rs -s tests/course/browser/in_*.py

clean:
	rm -rf $(VENV) .venv-jax .venv-torch .venv-oldest
