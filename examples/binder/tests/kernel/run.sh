# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# The exchanges on hf_binder.ko and on the kernel's own driver, which says what is right; tools/guest lets the guest's
# init read this.

must insmod /holdfast.ko
must insmod /hf_binder.ko devices=hf-binder,hf-other
# The kernels with sanitizers lack it.
if [ -e /binder_linux.ko ]; then
	must insmod /binder_linux.ko devices=binder
	must eval "/binder_user /dev/binder binder_linux >/dev/kmsg"
fi
must eval "/binder_user /dev/hf-binder hf_binder >/dev/kmsg"
must rmmod hf_binder
must rmmod holdfast
