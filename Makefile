# Everything works from nothing: a fresh clone, Python 3.11 or newer with venv, and this file.
.DEFAULT_GOAL := help
.PHONY: help run test check bench soak screenshots environment environment-test assets

PY := .venv/bin/python

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: environment  ## everything from nothing: environment, assets, database, demo, web and worker; prints the addresses
	@$(PY) scripts/run.py

test: environment-test assets  ## the whole test suite from nothing, on SQLite and PostgreSQL, with a real browser
	@$(PY) scripts/test.py

check: environment-test assets  ## what CI runs: format, lint, types, layers, tests
	@$(PY) scripts/check.py
	@$(PY) scripts/test.py

bench: environment-test  ## the figures in docs/performance.md, measured on this machine
	@$(PY) scripts/bench.py

soak: environment-test  ## long fault tests: senders killed again and again lose nothing and send nothing twice
	@$(PY) scripts/soak.py

screenshots: environment-test assets  ## the pictures in the README and the docs, by Chromium
	@$(PY) scripts/screenshots.py

environment:
	@scripts/environment.sh requirements.txt

environment-test:
	@scripts/environment.sh requirements.txt requirements-test.txt
	@$(PY) scripts/bounce_corpus.py

assets: environment
	@$(PY) scripts/build_assets.py
