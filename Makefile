# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Each target installs what it needs, then runs CMake (see CMakePresets.json) or a tool.

.DEFAULT_GOAL := help
.PHONY: help demo test quick kernel-test check bench bench-kernel docs clean

help: ## this list
	@echo 'Holdfast: ownership, borrowing and bounds discipline for C drivers'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## build, then run the NVMe example on its embedded controller, and binder in userspace
	@tools/setup build
	@for preset in release off; do \
		cmake --preset $$preset -DHOLDFAST_BUILD_TESTS=OFF -DHOLDFAST_BUILD_EXAMPLES=ON \
			--compile-no-warning-as-error --log-level=ERROR >/dev/null && \
		cmake --build --preset $$preset || exit 1; \
	done
	@examples/nvme/demo
	@echo
	@examples/binder/demo
	@tests/cve/demo

test: ## build and test; the last line counts the cases
	@tools/setup build test kernel
	@tools/test

quick: ## a contributor's loop: the unit tests of one build, and each header alone on each compiler
	@tools/setup build test
	@tools/test unit headers

kernel-test: ## build the kernel modules, boot a kernel and test them there (KERNEL=6.12, 7, clang, debug)
	@tools/setup kernel $(if $(filter debug kcsan,$(KERNEL)),kernel-build)
	@tools/guest $(if $(KERNEL),--kernel $(KERNEL))

check: ## static analysis, and the programs that must not compile
	@tools/setup build check
	@tools/check

bench: ## measure what each check costs: a table, build/bench/overhead.json, report.html and .svg
	@tools/setup bench
	@bench/run

bench-kernel: ## count the instructions of the same, and of binder calls, in a guest (KERNEL=6.1)
	@tools/setup kernel bench
	@bench/guest $(if $(KERNEL),--kernel $(KERNEL))
	@tools/guest $(if $(KERNEL),--kernel $(KERNEL)) binder-bench

docs: ## the reference, in build/docs/html
	@tools/setup docs
	@mkdir -p build/docs
	@HF_VERSION=$$(awk '/^#define HF_VERSION_(MAJOR|MINOR|PATCH) / { v = v s $$3; s = "." } END { print v }' \
		include/holdfast/version.h) doxygen docs/Doxyfile || { echo 'docs: public names lack the comments listed above'; exit 1; }
	@echo 'docs: build/docs/html/index.html'

clean: ## remove build/
	rm -rf build
