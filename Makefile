# SPDX-License-Identifier: GPL-2.0-only
#
# What a person types. The work is done in scripts/, the module's object list
# is in Kbuild. Text after ## is the help.

# The kernel's build system never gets here: it finds Kbuild first.

KERNEL ?=
TESTS ?=
KDIR ?=
SEEDS ?=
SEED ?=
BASE ?=
MODES ?=
SIZES ?=
LOCKS ?=
SHORT ?=
export KERNEL TESTS SEEDS SEED BASE MODES SIZES LOCKS

# What to build for when nobody says so: the running kernel, if it can be.
RUNNING := /lib/modules/$(shell uname -r)/build
DEMO_KERNEL := 6.1
# What kernels of another architecture need besides.
CROSS := $(if $(filter %-arm64,$(KERNEL)),arm64)

.DEFAULT_GOAL := modules
.DELETE_ON_ERROR:
# Each target is a sequence that uses both processors where it can.
.NOTPARALLEL:

# $(call need,FILE,WHAT IT IS)
need = @[ -e $(1) ] || { echo "make: $(1) is missing: $(2)" >&2; exit 1; }

.PHONY: modules
modules: ## build the module: KDIR=headers, KERNEL=name, else the running kernel
ifneq ($(KDIR),)
	@scripts/build -d "$(KDIR)"
else ifneq ($(KERNEL),)
	@scripts/setup $(CROSS)
	@scripts/build $(KERNEL)
else ifneq ($(wildcard $(RUNNING)/Makefile),)
	@scripts/build -d "$(RUNNING)"
else
	@scripts/setup
	@scripts/build $(DEMO_KERNEL)
endif

.PHONY: reader
reader: ## build the reader, build/tcplife
	@scripts/setup
	@$(MAKE) -s -j "$$(nproc)" -C reader

.PHONY: demo
demo: ## show the module at work in a VM, under real traffic
	$(call need,scripts/demo,what the demo runs in the VM)
	@scripts/setup
	@scripts/build -q $(DEMO_KERNEL)
	@$(MAKE) -s -C reader
	@scripts/vm -k $(DEMO_KERNEL) --options-of scripts/demo scripts/demo

.PHONY: check
check: ## run the tests in VMs: KERNEL=6.12 and TESTS="T08 H01" choose
	@scripts/setup $(CROSS)
	@$(if $(filter bare debug% kcsan,$(KERNEL)),scripts/setup kernels)
	@scripts/check

ARM64_TESTS := M01 H01 T01 M11 M12

.PHONY: check-arm64
check-arm64: ## run a few tests, or TESTS, on a kernel of arm64, emulated
	@scripts/setup arm64
	@KERNEL=6.12-arm64 TESTS="$(or $(TESTS),$(ARM64_TESTS))" scripts/check

.PHONY: check-packages
check-packages: ## try packages, units, completion, install, ABI: TESTS="P20"
	@scripts/setup packages
	@scripts/check-packages

.PHONY: check-long
check-long: ## what takes long: a minute at full rate, 20 storms, fuzzing
	@scripts/setup kernels
	@scripts/check-long

.PHONY: check-debug
check-debug: ## run tests on kernels that watch: SHORT=1 for ten minutes of it
	@scripts/setup kernels
	@scripts/check-debug $(if $(SHORT),--short)

.PHONY: matrix
matrix: ## run the tests on six kernels, and write the table of README.md
	@scripts/setup matrix
	@scripts/matrix

.PHONY: storm
storm: ## run connections at random: SEEDS=20 (5) seeds, from SEED=1 on
	@scripts/setup $(CROSS)
	@scripts/storm

.PHONY: lint
lint: ## check the code: W=1, sparse, checkpatch, kernel-doc, shellcheck
	@scripts/setup
	@scripts/lint

.PHONY: bench
bench: ## measure in VMs what the module costs: BASE=rev compares with that
	@scripts/setup
	@scripts/bench

.PHONY: bench-check
bench-check: ## a minute of it: fails when a connection costs 5 % more
	@scripts/setup
	@scripts/bench-check

.PHONY: bench-hooks
bench-hooks: ## write what each hook costs into Documentation/performance.rst
	@scripts/setup
	@scripts/build -q $(or $(KERNEL),6.1 6.12)
	@selftests/bench/hooks $(KERNEL)

.PHONY: bench-peers
bench-peers: ## measure other tracers beside it: KERNEL=6.12, MODES="a b c a6 av"
	@scripts/setup bench-peers
	@scripts/build -q $(or $(KERNEL),$(DEMO_KERNEL))
	@$(MAKE) -s -C reader
	@selftests/bench/peers

.PHONY: bench-scale
bench-scale: ## measure how its cost grows, up to 1,000,000 endpoints
	@scripts/setup bench-scale
	@scripts/bench-scale

.PHONY: htmldocs
htmldocs: ## make HTML of Documentation/, in build/html
	@scripts/setup docs
	@scripts/htmldocs

.PHONY: setup
setup: ## install what all this needs from Debian's packages
	@scripts/setup

# As for modules, but that nothing is what nobody said.
MODULES_OF = $(if $(KDIR),-d "$(KDIR)",$(or $(KERNEL),\
	$(if $(wildcard $(RUNNING)/Makefile),-d $(RUNNING))))

# Below PREFIX (/usr/local), and all of it below DESTDIR. More is in
# packaging/Makefile, which takes its variables from the command line, too.
.PHONY: install
install: reader ## install reader, manuals, completion, units: DESTDIR, PREFIX
	@$(MAKE) -s -C packaging install

.PHONY: uninstall
uninstall: ## remove what install has installed
	@$(MAKE) -s -C packaging uninstall

.PHONY: modules-install
modules-install: modules ## build the module and install it: DESTDIR, KDIR
	@scripts/modules install $(MODULES_OF)

.PHONY: modules-uninstall
modules-uninstall: ## remove what modules-install has installed
	@scripts/modules uninstall $(MODULES_OF)

.PHONY: dkms-install
dkms-install: ## give the module to DKMS, which builds it for each kernel
	@scripts/dkms install

.PHONY: dkms-uninstall
dkms-uninstall: ## take it away from DKMS
	@scripts/dkms uninstall

.PHONY: deb
deb: ## build Debian packages, into build/deb
	@scripts/setup packages
	@scripts/deb

.PHONY: clean
clean: ## remove what was built; build/kernels, tools and chroots stay
	@find build -mindepth 1 -maxdepth 1 ! -name kernels ! -name 'tools*' \
		! -name chroots -exec rm -rf {} + 2>/dev/null || true
	@rm -f tcplife.ko

.PHONY: help
help: ## print this list
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/\1\t\2/p' Makefile | \
		expand -t 18
