# linekeeper: see `make help`. Everything that Go and the set-up fetch is kept in
# their caches, outside the checkout.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

FUZZTIME ?= 10s
PKG ?= ./...

modules := . tools e2e
# What asterisk.sh sources is checked with it.
scripts := demo/setup/asterisk.sh demo/setup/databases.sh demo/setup/prerequisites.sh demo/compose/start-asterisk $(wildcard tools/*.sh) .ci/run
gotool := go tool -modfile=$(CURDIR)/tools/go.mod

# Where there is no home folder, Go keeps its caches beside ours.
ifneq ($(shell [ -n "$${HOME:-}" ] && [ -d "$$HOME" ] && [ -w "$$HOME" ] && echo yes),yes)
cache := $(shell bash -c 'set -eu; die() { echo "$$*" >&2; exit 1; }; . demo/setup/cache.sh; cache_folder')
ifeq ($(cache),)
$(error no folder for caches)
endif
export GOPATH ?= $(cache)/go
export GOCACHE ?= $(cache)/go-build
export STATICCHECK_CACHE ?= $(cache)/staticcheck
endif

# Go asks git for the version; where git does not answer (no git, or a checkout
# of another user), it would refuse to build.
ifneq ($(shell git status --porcelain >/dev/null 2>&1 && echo yes),yes)
export GOFLAGS := $(strip $(GOFLAGS) -buildvcs=false)
endif

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1\t\2/p' Makefile | while IFS=$$'\t' read -r name text; do \
		printf '  make %-15s %s\n' "$$name" "$$text"; \
	done

##
## Run it
##

.PHONY: demo
demo: build bin/demo setup ## Play the demo on a real Asterisk, in about 90 seconds
	@exec bin/demo $(ARGS)

.PHONY: up
up: build bin/demo setup ## Set the demo up and stay, for phones of your own; SIP_PORT=5060
	@exec bin/demo up $(ARGS)

.PHONY: build
build: bin/linekeeper ## Build bin/linekeeper

# Go knows best what is up to date.
.PHONY: bin/linekeeper bin/demo bin/bench
bin/linekeeper: prerequisites
	@[ -x $@ ] || echo "building $@ (the first time, Go fetches its modules)" >&2
	@CGO_ENABLED=0 go build -o $@ ./cmd/linekeeper

bin/demo bin/bench: bin/%: prerequisites
	@[ -x $@ ] || echo "building $@" >&2
	@cd e2e && CGO_ENABLED=0 go build -o ../$@ ./$*

.PHONY: setup
setup: prerequisites ## Fetch Asterisk and what belongs to it, unless they are there
	@demo/setup/asterisk.sh >/dev/null

.PHONY: setup-tests
setup-tests: prerequisites
	@demo/setup/databases.sh >/dev/null

.PHONY: prerequisites
prerequisites:
	@demo/setup/prerequisites.sh

##
## Test it
##

.PHONY: test
test: build setup setup-tests ## Run all tests, those on a real Asterisk too; about 6 minutes
	@LINEKEEPER_BIN=$(CURDIR)/bin/linekeeper tools/test.sh $(modules)

.PHONY: test-unit
test-unit: prerequisites ## Run the tests that need no Asterisk
	@tools/test.sh . tools

.PHONY: e2e
e2e: build setup setup-tests ## Run the tests on a real Asterisk
	@LINEKEEPER_BIN=$(CURDIR)/bin/linekeeper tools/test.sh e2e

.PHONY: bench
bench: build bin/bench setup ## Figures: 200 callers in line and the way to an agent on a real Asterisk, then the engines and promises alone
	@bin/bench $(ARGS)
	@$(MAKE) --no-print-directory bench-engines bench-promises

.PHONY: heard
heard: build bin/bench setup ## Figures: what callers hear in every kind of moment, on a real Asterisk; ARGS="-rounds 8"
	@bin/bench -only heard $(ARGS)

.PHONY: bench-engines
bench-engines: prerequisites ## Figures of the engines alone: distribution, estimates, a day simulated, the verifier
	@go test -run '^$$' -bench 'Decide' ./queues/acd
	@go test -run '^$$' -bench 'Estimate|Observe' ./queues/forecast
	@go test -run '^$$' -bench 'Day' ./queues/simulate
	@go test -run '^$$' -bench 'Add|Read' ./queues/verify

.PHONY: bench-promises
bench-promises: prerequisites ## Figures of promises: a million on disk, pages of lists, dials on time; LINEKEEPER_PENDING=1000000
	@go test -run '^$$' -bench 'Pending' -benchtime 3x -timeout 60m ./controller
	@LINEKEEPER_SCALE=1 go test -run 'PromisesAreDialledOnTime' -v -timeout 60m ./controller | grep -v logger.go

.PHONY: soak
soak: prerequisites ## Live through a day of promises and faults in virtual time; LINEKEEPER_SOAK=24 hours
	@LINEKEEPER_SOAK=$${LINEKEEPER_SOAK:-24} go test -run 'LongDay' -v -timeout 120m ./controller | grep -v logger.go

.PHONY: fuzz
fuzz: prerequisites ## Fuzz each parser for FUZZTIME=10s
	@tools/fuzz.sh $(FUZZTIME)

##
## Keep it in order
##

.PHONY: check
check: check-format check-vet check-staticcheck check-core check-tidy check-links check-compose check-shell ## Run every check but the tests

.PHONY: lint
lint: check-format check-vet check-staticcheck check-core check-shell ## Run the checks of the source text

.PHONY: fmt
fmt: ## Format the Go files
	@gofmt -l -w .

# checked NAME, REMEDY: ends a recipe of a check that failed.
checked = || { echo "check failed: $(1) - $(2)" >&2; exit 1; }

.PHONY: check-format
check-format:
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "$$files"; false; } $(call checked,format,run: make fmt)

.PHONY: check-vet
check-vet: prerequisites
	@for m in $(modules); do (cd $$m && go vet ./...) $(call checked,vet,see above); done
	@go vet -tags crashsteps ./cmd/linekeeper/... $(call checked,vet,see above)

.PHONY: check-staticcheck
check-staticcheck: prerequisites
	@for m in $(modules); do (cd $$m && $(gotool) staticcheck ./...) $(call checked,staticcheck,see above); done
	@$(gotool) staticcheck -tags crashsteps ./cmd/linekeeper/... $(call checked,staticcheck,see above)

.PHONY: check-core
check-core: prerequisites
	@(cd tools && go run ./purecore ..) $(call checked,core,the engines must stay pure and files short; see tools/purecore)

.PHONY: check-tidy
check-tidy: prerequisites
	@for m in $(modules); do (cd $$m && go mod tidy -diff) $(call checked,tidy,run in folder $$m: go mod tidy); done

.PHONY: check-links
check-links: prerequisites
	@out=$$(go test ./docs) || { echo "$$out"; false; } $(call checked,links,see above)

.PHONY: check-compose
check-compose:
	@if docker compose version >/dev/null 2>&1; then \
		LINEKEEPER_PASSWORD=x OPERATOR_PASSWORD=x docker compose config -q $(call checked,compose,see above); \
	fi

.PHONY: check-shell
check-shell:
	@for f in $(scripts); do bash -n $$f $(call checked,shell,see above); done
	@if command -v shellcheck >/dev/null 2>&1; then shellcheck -x $(scripts) $(call checked,shell,see above); fi

.PHONY: clean
clean: ## Remove what was built; the caches stay
	@rm -rf bin demo/out e2e/out
