# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# Torture, with $torture as its options; tools/guest lets the guest's init read this.

must insmod /holdfast.ko
must insmod /hf_binder.ko
must eval "/hfbinder torture /dev/hf-binder $torture >/dev/kmsg 2>&1"
must rmmod hf_binder
must rmmod holdfast
