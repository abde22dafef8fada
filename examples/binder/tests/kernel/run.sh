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
must insmod /hf_binder.ko devices=hf-binder,hf-other
# The kernels with sanitizers lack it.
if [ -e /binder_linux.ko ]; then
	must insmod /binder_linux.ko devices=binder
	must eval "/binder_user /dev/binder binder_linux >/dev/kmsg"
fi
must eval "/binder_user /dev/hf-binder hf_binder >/dev/kmsg"
# The same while memory is short all the time; bit 2 keeps drop_caches silent.
while :; do echo 6 >/proc/sys/vm/drop_caches; done &
short=$!
must eval "/binder_user /dev/hf-binder hf_binder_short_of_memory $(echo $moving) >/dev/kmsg"
kill $short
wait
must rmmod hf_binder
must rmmod holdfast
