# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# Torture of the driver that $driver names, with $torture as its options; tools/guest lets the guest's init read this.

if [ "$driver" = binder_linux ]; then
	must insmod /binder_linux.ko devices=hf-binder
	# It logs each mistake of a caller, and cannot be unloaded.
	echo 0 >/sys/module/binder_linux/parameters/debug_mask
	dmesg -n 5
else
	must insmod /holdfast.ko
	must insmod /hf_binder.ko
fi
# Pages of buffers that nobody needs are taken back all the time.  4 keeps drop_caches silent from now on; it refuses 6.
must eval "echo 4 >/proc/sys/vm/drop_caches"
(while echo 2 >/proc/sys/vm/drop_caches; do :; done; say "failed: memory is not short any more") &
short=$!
must eval "/hfbinder torture /dev/hf-binder $torture >/dev/kmsg 2>&1"
kill $short
if [ "$driver" != binder_linux ]; then
	must rmmod hf_binder
	must rmmod holdfast
fi
