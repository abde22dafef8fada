# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# The exchanges on hf_binder.ko and on the kernel's own driver, which says what is right; tools/guest lets the guest's
# init read this.

# Exchanges with much data, of which none is looked at after it was freed.
moving="call_and_reply calls_back_and_forth oneway_three_in_turn oneway_takes_half_of_the_memory
	memory_is_exhausted memory_is_one_again memory_of_one_page memory_of_eight_megabytes_one_way
	memory_that_two_buffers_share_is_not_taken_back bytes_are_sent_along bytes_point_to_bytes objects_between_other_data
	objects_in_an_answer"

must insmod /holdfast.ko
must insmod /hf_binder.ko devices=hf-binder,hf-binder2
# The kernels with sanitizers lack it.
if [ -e /binder_linux.ko ]; then
	must insmod /binder_linux.ko devices=binder,binder2
	must eval "/binder_user /dev/binder binder_linux >/dev/kmsg"
fi
must eval "/binder_user /dev/hf-binder hf_binder >/dev/kmsg"
# Of the driver's allocations each n-th fails, of slabs, and of pages for what processes map; n differs from exchange to
# exchange.  The kernel reports what the driver does not survive, and kmemleak what it leaves behind.
faults() { # PROBABILITY [INTERVAL]
	for what in failslab fail_page_alloc; do
		echo "${2:-1}" >/sys/kernel/debug/$what/interval
		echo "$1" >/sys/kernel/debug/$what/probability
	done
}
goes_wrong() { # PART PARTS: how many exchanges
	said=$(/binder_user /dev/hf-binder --without-memory "$@")
	ktap "    # $said"
	wrong=${said%% *}
}
allocations_fail() {
	text=$(cat /sys/module/hf_binder/sections/.text)
	for what in failslab fail_page_alloc; do
		attributes=/sys/kernel/debug/$what
		echo N >$attributes/ignore-gfp-wait
		echo 0 >$attributes/verbose
		echo 32 >$attributes/stacktrace-depth
		echo "$text" >$attributes/require-start
		printf '0x%x\n' $((text + $(cat /sys/module/hf_binder/coresize))) >$attributes/require-end
		echo -1 >$attributes/times
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
	trap "faults 0" EXIT
	goes_wrong 0 20
	[ "$wrong" = 0 ]
	part=0
	# Odd numbers: kmemleak allocates, too, after each allocation.
	for n in 3 5 9 15 23; do
		faults 100 $n
		goes_wrong $part 5
		[ "$wrong" -gt 0 ]
		part=$((part + 1))
	done
}
[ ! -e /proc/self/fail-nth ] || run_tests hf_binder_without_memory allocations_fail
# The same while memory is short all the time.  4 keeps drop_caches silent from now on; it refuses 6.
must eval "echo 4 >/proc/sys/vm/drop_caches"
(while echo 2 >/proc/sys/vm/drop_caches; do :; done; say "failed: memory is not short any more") &
short=$!
must eval "/binder_user /dev/hf-binder hf_binder_short_of_memory $(echo $moving) >/dev/kmsg"
kill $short
wait
must rmmod hf_binder
must rmmod holdfast
