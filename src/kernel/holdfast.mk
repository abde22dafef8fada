# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# What a module's Kbuild needs to use Holdfast:
#
#	HOLDFAST := /path/to/holdfast
#	include $(HOLDFAST)/src/kernel/holdfast.mk
#
# Build holdfast.ko first (see Kbuild beside this file): modpost reads its symbols.
#
# HOLDFAST_CHECKS is release (the default), debug or off: one level for holdfast.ko and all that use it.

HOLDFAST_CHECKS ?= release
holdfast-checks-off := OFF
holdfast-checks-release := RELEASE
holdfast-checks-debug := DEBUG
ifndef holdfast-checks-$(HOLDFAST_CHECKS)
$(error HOLDFAST_CHECKS is '$(HOLDFAST_CHECKS)'; it can be off, release or debug)
endif

ccflags-y += -I$(HOLDFAST)/include
ccflags-y += -DHF_CHECKS=HF_CHECKS_$(holdfast-checks-$(HOLDFAST_CHECKS))
# Guards and owners are declared where they are needed.  From 6.5 on the kernel allows that.
ccflags-y += -Wno-declaration-after-statement

KBUILD_EXTRA_SYMBOLS += $(wildcard $(HOLDFAST)/src/kernel/Module.symvers)
