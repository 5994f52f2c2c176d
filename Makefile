BEDS ?= host uml qemu-6.12
DEMO_FLAGS ?=
BENCH_FLAGS ?=
HOSTS_FLAGS ?=
SECONDS ?= 40

sources := Sources Tests IntegrationTests Examples Benchmarks Extras Package.swift
bundle := .build/debug/xfrmctlPackageTests.xctest
results := .build/results
parts := build-tests test-unit test-man test-completions test-units fuzz test-kernels test-hosts examples

help: ## what can be made
	@awk -F ': .*## ' '/^[a-z-]+:.*## / { printf "%-17s %s\n", $$1, $$2 }' Makefile

build: ## xfrmctl for use: .build/release/xfrmctl, which needs libmnl and nothing of Swift
	@Extras/build-release

man: build ## the manual pages: .build/man
	@Extras/man/make .build/release/xfrmctl .build/man

completions: build ## completions for bash, zsh and fish: .build/completions
	@Extras/completions .build/release/xfrmctl .build/completions

demo: build ## what this host can do, and IPsec at work in a lab (DEMO_FLAGS="...")
	@Extras/demo $(DEMO_FLAGS)

build-tests:
	@Extras/build --build-tests

test: ## all tests: unit tests, fuzzing, the kernel tests on each of BEDS, hosts of every kind, the examples
	@Extras/test $(results) $(parts)

test-unit: build-tests ## tests that need no particular kernel
	@mkdir -p $(results)
	@Extras/test-unit $(bundle) $(results)

test-man: build-tests ## the manual pages are whole and look right
	@Extras/check-man .build/debug/xfrmctl

test-completions: build-tests ## TAB in bash, zsh and fish
	@Extras/check-completions .build/debug/xfrmctl

test-units: build-tests ## the systemd units: understood, confined, and their commands are ours
	@Extras/check-units .build/debug/xfrmctl

test-kernels: ## kernel tests on test beds (BEDS="host uml qemu-6.12 qemu-6.1")
	@IntegrationTests/run $(addprefix --bed ,$(BEDS))

test-hosts: ## what check finds on hosts of every kind (HOSTS_FLAGS="--update" to have it written down)
	@IntegrationTests/hosts/run $(HOSTS_FLAGS)

examples: ## the examples of the documentation, run here and on User-Mode Linux
	@Examples/run

fuzz: ## looks for messages that the codec cannot take (SECONDS=40)
	@Tests/Fuzz/run --seconds $(SECONDS)

bench: build ## measurements (BENCH_FLAGS=--quick)
	@Benchmarks/run $(BENCH_FLAGS)

format: ## lays the sources out
	swift format format --in-place --parallel --recursive $(sources)

lint: ## what must be clean before a commit: layout of the sources, the scripts, code in articles
	@Extras/require-packages shellcheck
	@Extras/check-articles
	swift format lint --strict --parallel --recursive $(sources)
	shellcheck $$(grep --recursive --files-with-matches --extended-regexp '^#!/(usr/bin/env bash|bin/sh)$$' .ci Benchmarks Examples Extras IntegrationTests Tests)

docs: ## the reference documentation of XFRMKit, and whether it is whole
	@Extras/docs

clean: ## removes what was built here; kernels of the test beds stay in the user's cache
	rm -rf .build

.PHONY: help build man completions demo build-tests test test-unit test-man test-completions test-units test-kernels test-hosts examples fuzz bench format lint docs clean
