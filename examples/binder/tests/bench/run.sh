# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# The binder drivers take turns; tools/guest lets the guest's init read this, which sets $rounds and $calls.

must insmod /holdfast.ko
must insmod /hf_binder.ko
must insmod /binder_linux.ko devices=binder
devices="/dev/binder /dev/hf-binder"
if [ -e /rust_binder.ko ]; then
	mkdir /binderfs
	must insmod /rust_binder.ko rust_devices=rust-binder
	must mount -t binder none /binderfs
	devices="$devices /binderfs/rust-binder"
fi
# After it has booted the kernel goes on testing its ciphers.
tests_ciphers() { grep -q cryptomgr_test /proc/[0-9]*/comm; }
must wait_for fails tests_ciphers
must eval "/hfbinder bench --quiet --json --rounds $rounds --calls $calls $devices >/dev/kmsg"
