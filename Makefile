# The front door. Every target installs the Debian packages that it lacks (root or sudo).
.PHONY: help build run test bench lint format fuzz refresh-geo install clean
.DEFAULT_GOAL := help

JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 300
# Presets whose tests `make test` runs, in this order.
TEST_PRESETS := asan tsan release

help:
	@echo "make build         the release binary, build/fairlead"
	@echo "make run           serve the example zone on 127.0.0.1:5300, with three local edges"
	@echo "make test          every test, with sanitizers"
	@echo "make bench         benchmarks of functions, and short load runs: docs/speed.md"
	@echo "make lint          clang-format and clang-tidy, nothing is changed"
	@echo "make format        clang-format"
	@echo "make fuzz          libFuzzer on every fuzz target, FUZZ_SECONDS=$(FUZZ_SECONDS) each"
	@echo "make refresh-geo   the newest bundled country database"
	@echo "make install       to PREFIX=$(PREFIX)"

build:
	@deploy/packages build
	@cmake --preset release -DFAIRLEAD_TESTS=OFF --log-level=WARNING
	@cmake --build --preset release --parallel $(JOBS) --target fairlead
	@cp --update build/release/server/fairlead build/fairlead

run: build
	@deploy/packages run
	@exec deploy/example/run build/fairlead

test:
	@deploy/packages build test
	@tests/run_all $(JOBS) $(TEST_PRESETS)

bench: build
	@deploy/packages test bench
	@cmake --preset release -DFAIRLEAD_TESTS=ON --log-level=WARNING
	@cmake --build --preset release --parallel $(JOBS) \
	  --target function_bench load echo probe_load
	@bench/run

lint:
	@deploy/packages build test lint
	@git ls-files '*.h' '*.cc' | xargs clang-format --dry-run --Werror
	@cmake --preset dev --log-level=WARNING
	@git ls-files '*.cc' | grep -v -e '^tests/' -e '^bench/' -e '^cmake/' | \
	  xargs -n 1 -P $(JOBS) clang-tidy --quiet -p build/dev --extra-arg=-Wno-unknown-warning-option

format:
	@deploy/packages lint
	@git ls-files '*.h' '*.cc' | xargs clang-format -i

fuzz:
	@deploy/packages build fuzz
	@tests/fuzz/run_all $(JOBS) $(FUZZ_SECONDS)

refresh-geo: build
	@geo/data/refresh

install: build
	install -D -m 755 build/fairlead $(DESTDIR)$(PREFIX)/bin/fairlead
	install -D -m 644 geo/data/country.mmdb $(DESTDIR)$(PREFIX)/share/fairlead/country.mmdb
	install -D -m 644 geo/data/README.md $(DESTDIR)$(PREFIX)/share/fairlead/README.md

clean:
	rm -rf build
