# Two commands matter: `make demo` and `make test`. Each installs what is missing, once.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo install test check soak bench score-facts score-search fit-evidence screens pictures constraints clean

demo: .venv/.installed
	@PYTHONPATH=. $(BIN)/python -P -m tests.demo

install: .venv/.installed

# A wait for a program that ran out of time is tried once more, and said (R): the machine may have been busy. A wrong
# answer is not. What pytest rewrites is kept: else every worker rewrites hypothesis, a plugin, for itself. Properties
# are tried on the same examples every time, so that a change is judged by what it changes; `make soak` looks for others.
test: export PYTHONDONTWRITEBYTECODE :=
test: check
	$(BIN)/pytest -n auto --dist worksteal --hypothesis-profile ci --reruns 1 --only-rerun 'never (came|showed)' -r fER

check: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Kills at random moments: fifty of a trainer, the loss afterwards bit for bit, 25 of an indexing; 10,000 mutations of
# scripts; every property on examples of its own. `make test` does a few of each.
soak: .venv/.installed
	timeout 1200 $(BIN)/pytest -n auto -m hypothesis
	DIFFWB_KILLS=50 timeout 600 $(BIN)/pytest tests/engine/test_survival.py -k killed_again
	DIFFWB_KILLS=25 timeout 600 $(BIN)/pytest tests/index/test_indexing.py -k killed_again
	DIFFWB_MUTATIONS=10000 timeout 600 $(BIN)/pytest tests/index/test_mutations.py -n auto

bench: .venv/.installed
	PYTHONPATH=. $(BIN)/python -P -m tests.benchmarks

# The facts against hand labels of real public scripts; CLONES holds their repositories, missing ones are fetched.
CLONES ?= .clones
score-facts: .venv/.installed
	@$(BIN)/python -m tests.score_facts $(CLONES)

# How good the search is; CLONES holds a clone of every repository that tests/judged names.
score-search: .venv/.installed
	@$(BIN)/python -m tests.score_search $(CLONES)

# The weights that tell whether a question has an answer, from the same clones.
fit-evidence: .venv/.installed
	@$(BIN)/python -m tests.fit_evidence $(CLONES)

# The workbench's screens as tests compare them, written anew: for a screen that is meant to look otherwise.
screens: .venv/.installed
	DIFFWB_RENEW_SCREENS=1 $(BIN)/pytest -n auto tests/tui/test_screens.py

pictures: .venv/.installed
	PYTHONPATH=. $(BIN)/python -P docs/pictures.py

# Half of what is installed, never imported or almost never: compiled where it is after all.
UNREAD := /tests?/|/(diffusers|mypyc?|networkx|pip|setuptools|torchgen)/|/transformers/models/|/torch/(_dynamo|_inductor|ao|onnx|testing)/

# uv reads no pip.conf: where only pip has been told of an index, pip installs.
# The plain path of a compatible editable install: the finder of the other kind is 3 ms of every start.
WANTED := --constraint constraints.txt --config-settings editable_mode=compat --editable '.[dev]'

# The stamp is older than what it was made from only when the pins or the package's own metadata changed.
.venv/.installed: pyproject.toml constraints.txt
	@test -x $(BIN)/pip || $(PYTHON) -c 'import sys; sys.exit("diffwb needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; name another: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@echo "Installing diffwb and its dependencies into .venv (some minutes the first time) …" >&2
	@$(BIN)/pip install --quiet --constraint constraints.txt uv  # unpacks 6 GB in a fifth of pip's processor time
	$(BIN)/uv pip install --quiet --python $(BIN)/python $(WANTED) || $(BIN)/pip install --quiet --no-compile $(WANTED)
	@$(BIN)/python -W ignore -m compileall -qq -j 0 -x '$(UNREAD)' $(BIN)/../lib engine index tui || true  # as pip does, with every core
	@touch $@

constraints: .venv/.installed
	(echo "# The versions every install uses and every test ran with. Made by: make constraints"; $(BIN)/pip freeze --all --exclude-editable --exclude pip --exclude wheel) > constraints.txt

clean:
	rm -rf .venv .demo build dist *.egg-info
