# The only door: people, the pipeline and .ci/run call these targets and nothing else.

SHELL := /bin/bash
PYTHON := .venv/bin/python
# Each step notes its seconds and exit status; tests/summary.py compares them with the budgets.
STEP := python3 -m tests.step
SUITE := $(PYTHON) -W error -m tests.run
UV := uv==0.13.9

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run day clean-local lint types unit integration gateway catalogue moving infra pages faults-short faults soak smoke stalled test versions test-all bench-ingest bench-persist bench-report bench-backlog bench-gateway bench-catalogue bench-moving host-up converge verify replace-host deploy-datacentre host-down infra-all lock image test-image push-image deploy monitoring

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- the stack on this machine (devstack/) ----

setup: ## Install what is missing on this machine, make .venv, fetch Kafka; quick and offline the second time
	@$(STEP) setup python3 -m devstack.setup

run: setup ## Start everything on this machine; Ctrl-C stops it, the data stays
	@$(PYTHON) -m devstack.run

day: setup ## A whole simulated day on a stack of its own, to its final report's page (2 minutes; ARGS=--help)
	@python3 -m devstack.setup --moved-clock
	@$(PYTHON) -m devstack.day $(ARGS)

clean-local: ## Remove the data of `make run`, and what it downloaded
	rm -rf .local

# ---- the checks ----

lint: setup ## Check the style of the code
	@$(STEP) lint $(SHELL) -c '.venv/bin/ruff check . && .venv/bin/ruff format --check .'

types: setup ## Check the types
	@$(STEP) types .venv/bin/mypy .

unit: setup ## Run the unit tests: no service, a few seconds (K=PATTERN picks some)
	@$(STEP) unit $(SUITE) unit $(if $(K),-k '$(K)')

integration: setup ## Run the tests on real Kafka, MariaDB and nginx (K=PATTERN picks some)
	@python3 -m devstack.setup --moved-clock
	@$(STEP) integration $(SUITE) integration $(if $(K),-k '$(K)')

gateway: setup ## Run the tests of the gateway: clients, signatures and daily limits, in front of a legacy API too (K=PATTERN)
	@$(STEP) gateway $(SUITE) gateway $(if $(K),-k '$(K)')

catalogue: setup ## Run the tests of the catalogue, from feeds through Kafka to track/details (K=PATTERN picks some)
	@$(STEP) catalogue $(SUITE) catalogue $(if $(K),-k '$(K)')

moving: setup ## Run the tests of moving URLs: the map, two nginx, the comparator, the gate, the way back (K=PATTERN)
	@$(STEP) moving $(SUITE) moving $(if $(K),-k '$(K)')

infra: setup ## Run the tests of the data centre's hosts: bare, converged, broken, killed, replaced; needs root (K=PATTERN)
	@python3 -m devstack.setup --test-hosts
	@$(HOSTS) prepare
	@$(STEP) infra $(SUITE) infra $(if $(K),-k '$(K)')

pages: setup ## Look at each page in a browser at every width, and hold the API against its contract (K=PATTERN)
	@python3 -m devstack.setup --browser
	@$(STEP) pages $(SUITE) pages $(if $(K),-k '$(K)')

infra-all: setup ## The long form: every promise removed, converge killed at every step, more nights (20 minutes)
	@python3 -m devstack.setup --test-hosts
	@$(HOSTS) prepare
	@$(SUITE) infra-long $(if $(K),-k '$(K)')

faults-short: setup ## Kill, stop and cut what Playlog runs on; each log counts once all the same (K=PATTERN picks some)
	@$(STEP) faults $(SUITE) faults $(if $(K),-k '$(K)')

faults: setup ## The long form: three brokers, a load that never gives up, every fault; prints a table (25 minutes)
	@rm -rf build/faults
	@$(SUITE) faults-long $(if $(K),-k '$(K)'); status=$$?; $(PYTHON) -m tests.faults.table && exit $$status

soak: setup ## The link cut for ten minutes, and ten minutes at half the top rate with an eye on memory (30 minutes)
	@rm -rf build/faults
	@$(SUITE) soak $(if $(K),-k '$(K)'); status=$$?; $(PYTHON) -m tests.faults.table && exit $$status
	@$(PYTHON) -m bench.soak

smoke: setup ## Post a log and see it consumed: BASE_URL=https://… PLAYLOG_KEY=…, or a stack of its own
	@BASE_URL='$(BASE_URL)' $(STEP) smoke $(PYTHON) -W error -m tests.smoke_stack $(if $(K),-k '$(K)')

stalled: setup ## Run a suite (S=moving) on a machine that stops for moments, as a busy one does; needs root (K=PATTERN)
	@$(SUITE:tests.run=tests.stalled) '$(S)' $(if $(K),-k '$(K)')

test: ## Run lint, types and all suites; the last line counts what passed and failed
	@rm -rf build/junit build/steps
	@$(MAKE) --no-print-directory --keep-going lint types unit integration gateway catalogue moving infra pages faults-short smoke BASE_URL= K= ENV= || true
	@python3 -m tests.summary

versions: setup ## The integration tests of the release before, on this version's tables (K=PATTERN picks some)
	@$(SUITE:tests.run=tests.versions) $(if $(REF),--ref '$(REF)') $(if $(K),-k '$(K)')

test-all: test versions infra-all faults soak ## All that is tested: the release before this one, hosts, faults, the soak (90 minutes)

# ---- figures (bench/), each on a stack of its own; docs/performance.md has those of one machine ----

bench-ingest: setup ## Logs a second that are accepted, beside a Flask route that only reads them (3 minutes)
	@$(PYTHON) -m bench.ingest

bench-persist: setup ## Rows a second that are stored, by one and by two, beside LOAD DATA of the same rows (3 minutes)
	@$(PYTHON) -m bench.persist

bench-report: setup ## Seconds for the report of a day of a million rows, beside a plain SELECT (2 minutes)
	@$(PYTHON) -m bench.report

bench-backlog: setup ## Two million logs drain at a cap while new ones come in, and their day turns final (4 minutes)
	@$(PYTHON) -m bench.backlog

bench-gateway: setup ## Microseconds of a verdict, requests a second with and without it, and whether limits are exact (2 minutes)
	@$(PYTHON) -m bench.gateway

bench-catalogue: setup ## A catalogue of a million tracks to the region, a change's way, the proof, and track/details (20 minutes)
	@$(PYTHON) -m bench.catalogue

bench-moving: setup ## Requests that fail while URLs move, the way back, and what comparing costs clients, under wrk (5 minutes)
	@$(PYTHON) -m bench.moving

# ---- the data centre's hosts (infra/, docs/infra.md); without ENV a test host on this machine, beside `make run` ----

HOSTS := $(PYTHON) -m infra
OF := $(if $(ENV),--env '$(ENV)')

host-up: setup ## Boot the bare test host; needs root
	@python3 -m devstack.setup --test-hosts
	@$(HOSTS) up

host-down: setup ## Throw the test host away
	@$(HOSTS) down

converge: setup ## Keep every promise on the hosts: ENV=developer|uat|production (WITHOUT=PROMISE, ONLY=HOST)
	@$(if $(ENV),,python3 -m devstack.setup --test-hosts)
	@$(HOSTS) converge $(OF) $(if $(WITHOUT),--without '$(WITHOUT)') $(if $(ONLY),--host '$(ONLY)')

verify: setup ## Prove every promise on the hosts, and change nothing there: ENV=… (ONLY=HOST)
	@$(if $(ENV),,python3 -m devstack.setup --test-hosts)
	@$(HOSTS) verify $(OF) $(if $(ONLY),--host '$(ONLY)')

replace-host: setup ## A bare host to a proved one with the reports that are missing, timed: ENV=… ONLY=HOST, or the test host
	@$(if $(ENV),,python3 -m devstack.setup --test-hosts)
	@$(HOSTS) replace $(OF) $(if $(ONLY),--host '$(ONLY)')

deploy-datacentre: setup ## Put this release on the hosts and prove it, or go back to the former one: ENV=… (ONLY=HOST)
	@$(if $(ENV),,python3 -m devstack.setup --test-hosts)
	@$(HOSTS) deploy $(OF) $(if $(ONLY),--host '$(ONLY)')

# ---- delivery ----

lock: ## Renew requirements.lock and requirements-dev.lock from setup.py
	@deploy/lock '$(UV)'

image: ## Build the images playlog-app and playlog-nginx, with docker or buildah
	@deploy/image

test-image: setup ## Check the built images: unit tests inside, smoke tests through them, users, statuses, signals
	@deploy/test_image
	@$(PYTHON) -W error -m tests.image

push-image: ## Push the images of this commit to IMAGE_PREFIX
	@deploy/push_image

deploy: setup ## Put a version into a region and prove it, or go back: ENV=uat|prod (docs/deploying.md)
	@$(PYTHON) -m rollout --env '$(ENV)'

monitoring: setup ## Bring the dashboard and the monitors to Datadog: ENV=uat|prod (docs/metrics.md)
	@$(PYTHON) -m rollout.monitoring --env '$(ENV)'
