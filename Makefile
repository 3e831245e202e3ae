# make help lists what there is. Targets that build leave stamps, so a second run does only what changed.

STACK ?= dev
STAMPS := .stamps
PULUMI := toolchain/bin/pulumi
NODE_RUN := node --import tsx
# The half of tsx that these need, which starts in a third of the time.
CLI_RUN := node --require tsx/cjs
LAB := $(CLI_RUN) lab/cli.ts
OPS := $(CLI_RUN) ops/cli.ts
# What make up tells Pulumi besides, as in UP_FLAGS=--skip-preview.
UP_FLAGS ?=
# What the tests print besides their own lines is only interesting when something fails.
TEST_FLAGS ?=
# Which of the provider's tests: tests/conformance/README.md.
CONFORMANCE_FLAGS ?=
# The API schema of Proxmox VE: pve-docs' api-viewer as JSON, plain or gzipped.
SCHEMA ?=
# Files of policy/, with commas between them.
MUTATE ?=
# TOOLCHAIN=system takes an installed Pulumi >= 3.220 with released plugins instead of building them.
TOOLCHAIN ?=
MODE := $(if $(filter system,$(TOOLCHAIN)),system,built)

.DEFAULT_GOAL := help
.PHONY: up preview down test conformance schema-check mutate bench-preview bench-policies bench-lab doctor env clean help toolchain lab
.NOTPARALLEL:

up: toolchain lab ## build the reference site on the lab
	@$(OPS) begin --stack $(STACK)
	@$(PULUMI) up --yes --stack $(STACK) --policy-pack policy --suppress-outputs $(UP_FLAGS)
	@$(OPS) summary --stack $(STACK)

preview: toolchain lab ## show what make up would change, with the policies' verdict
	@$(OPS) begin --stack $(STACK)
	@$(PULUMI) preview --stack $(STACK) --policy-pack policy --suppress-outputs

down: toolchain lab ## remove what Pulumi made, and stop the lab
	@$(OPS) begin --destroy --stack $(STACK)
	@$(PULUMI) destroy --yes --stack $(STACK)
	@$(OPS) remains --stack $(STACK)
	@$(LAB) stop

test: toolchain ## everything that must hold; ends with the counts
	@$(NODE_RUN) tests/run.ts $(TEST_FLAGS)

conformance: $(STAMPS)/node_modules ## the provider's own acceptance tests against a lab of their own
	@$(NODE_RUN) tests/conformance/provider/main.ts $(CONFORMANCE_FLAGS)

schema-check: $(STAMPS)/node_modules ## what the lab declares against SCHEMA=FILE, Proxmox's own; no difference may be left
	@$(NODE_RUN) tests/conformance/schemaCheck.ts $(SCHEMA)

mutate: $(STAMPS)/node_modules ## whether the policies' tests notice each change of a rule; MUTATE=FILES takes some
	@npx stryker run tests/policy/mutation/stryker.config.json $(if $(MUTATE),--mutate $(MUTATE))

bench-lab: $(STAMPS)/node_modules ## what the lab costs with 1,000 guests, beside fakepve
	@$(NODE_RUN) tests/bench/lab.ts

bench-preview: toolchain ## how long a preview without changes takes, and where the time goes
	@$(NODE_RUN) tests/bench/preview.ts

bench-policies: toolchain ## what the policies add to a preview of 1,000 guests
	@$(NODE_RUN) tests/bench/policies.ts

env: ## print the shell text that puts our pulumi on PATH: eval "$$(make -s env)"
	@echo 'export PATH="$(CURDIR)/toolchain/bin:$$PATH"'
	@echo 'export PULUMI_STACK="$(STACK)"'

doctor: ## check what has to be installed and, once the tools are there, that they work
	@toolchain/prerequisites.sh && echo "Everything that is needed is installed."
	@if [ "$(TOOLCHAIN)" = system ] || [ -e $(STAMPS)/toolchain.json ]; then \
		$(MAKE) -s toolchain && $(NODE_RUN) toolchain/doctor.ts; \
	else echo "The tools are not built yet: make up does it."; fi

clean: ## stop the lab and remove everything that was built or remembered in this clone
	@if [ -d node_modules/tsx ]; then $(LAB) reset; fi
	rm -rf $(STAMPS) .state .lab lab/.build node_modules

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { gsub(/\$$\$$/, "$$", $$2); printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

toolchain: $(STAMPS)/toolchain.json ## build the CLI, the language host and the plugins

# Only a stack that says so runs on the lab.
lab: $(STAMPS)/node_modules
	@if grep -qE '^ *proxmox-ha:lab: "?true' Pulumi.$(STACK).yaml; then $(LAB) start; fi

$(STAMPS)/prerequisites: toolchain/prerequisites.sh
	@toolchain/prerequisites.sh
	@mkdir -p $(STAMPS) && touch $@

# No install scripts: the one of @pulumi/command would install a plugin into the user's home.
$(STAMPS)/node_modules: $(STAMPS)/prerequisites package.json package-lock.json $(wildcard */package.json) toolchain/command/package.json
	@if [ -L node_modules ]; then \
		echo "node_modules is a link, and installing would empty the folder that it points to. Install there, then: touch $@" >&2; \
		exit 1; \
	fi
	@echo "Installing packages"
	@npm ci --ignore-scripts --no-progress --loglevel error
	@touch $@

# The tools lie in the user's cache, which somebody may have emptied since.
CLI = $(shell sed -n 's/^ *"cli": "\(.*\)",*$$/\1/p' $(STAMPS)/toolchain.json 2>/dev/null)
ifeq ($(wildcard $(CLI)),)
$(shell rm -f $(STAMPS)/toolchain.json)
endif

TOOLCHAIN_SOURCES := $(shell find toolchain -type f -not -path '*/node_modules/*')

$(STAMPS)/toolchain.json: $(STAMPS)/node_modules $(STAMPS)/mode-$(MODE) $(TOOLCHAIN_SOURCES)
	@TOOLCHAIN=$(TOOLCHAIN) $(NODE_RUN) toolchain/build/main.ts
	@touch $@

# Another answer to "built here or installed by the user" writes the result anew.
$(STAMPS)/mode-$(MODE):
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/mode-* && touch $@
