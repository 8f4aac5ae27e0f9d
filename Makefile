# Each target installs what it needs first; the work is in scripts/. Caches: ~/.cache/muster (CONTRIBUTING.md).
.PHONY: help run test soak bench package bindings diagram format lint hooks

help:
	@echo 'make run       build Muster and open it (without a screen: import sample lists, print the report)'
	@echo 'make test      all checks and all tests, the real app under a virtual screen included'
	@echo 'make soak      kill pushes many more times than make test does, and plans at 1,000,000 members'
	@echo 'make bench     speed and memory against DuckDB and polars on generated lists'
	@echo 'make package   the Debian package of the app'
	@echo 'make bindings  write ui/src/api/bindings.ts again'
	@echo 'make diagram   write docs/SCHEMA.md again from the tables of a new database'
	@echo 'make format    format all code'
	@echo 'make lint      the checks of make test that run no test'
	@echo 'make hooks     install the git hooks'

run test soak bench package bindings diagram format lint hooks:
	@scripts/$@.sh
