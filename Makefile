# make coach: set up, then open the coach (PHONE=1: a phone is the camera).   make test: set up, then run every check.   make bench: print the numbers.
PORT ?= 8765
PY := .venv/bin/python

.PHONY: coach test bench check format

coach:
	@scripts/setup.sh coach
	@.venv/bin/kneeroll coach --port $(PORT) $(if $(PHONE),--phone)

test: check
	@$(PY) -m pytest -n 2 --dist loadfile

check:
	@scripts/setup.sh test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench:
	@scripts/setup.sh test
	@OPENBLAS_NUM_THREADS=1 $(PY) -m bench $(BENCH)

format:
	@.venv/bin/ruff check --fix -q .
	@.venv/bin/ruff format .
