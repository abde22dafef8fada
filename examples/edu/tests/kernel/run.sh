# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# hf_edu.ko on QEMU's devices; tools/guest lets the guest's init read this.  "a" and "b" are on the root bus, "c" is
# in a slot with hot-plug.  A test is a function.  It fails when a command in it fails.

a=0000:00:10.0 b=0000:00:11.0 c=0000:01:00.0
devices=/sys/bus/pci/devices
driver=/sys/bus/pci/drivers/hf_edu

bound() { [ -e "$driver/$1" ]; }
# The driver refuses a device that still does what it was told before.
bind() { bound "$1" || echo "$1" >$driver/bind; }

# Four processes use a device until it is gone; "load_ends" waits for that.
load() { # NODE
	rm -f /tmp/opened
	/edu_user "$1" load &
	pid=$!
	wait_for there /tmp/opened
}

load_ends() { wait $pid; }

reload() { # PARAMETER...
	rmmod hf_edu
	insmod /hf_edu.ko "$@"
	bound $a
	bound $b
}

interrupts() { # KIND
	awk -v kind="$1" '/hf_edu0/ && index($0, kind) { n += $2 + $3 } END { print n + 0 }' /proc/interrupts
}

factorials_by_messages() {
	[ "$(interrupts MSI)" -eq 0 ]
	/edu_user /dev/hf_edu0 values
	[ "$(interrupts MSI)" -ge 13 ]
	/edu_user /dev/hf_edu1 values
}

factorials_by_the_line() {
	echo 0 >$devices/$a/msi_bus
	echo 0 >$devices/$b/msi_bus
	reload
	/edu_user /dev/hf_edu0 values
	[ "$(interrupts IO-APIC)" -ge 13 ]
	/edu_user /dev/hf_edu0 transfers
	/edu_user /dev/hf_edu1 openers
	echo 1 >$devices/$a/msi_bus
	echo 1 >$devices/$b/msi_bus
	reload
}

bytes_go_round() { /edu_user /dev/hf_edu0 transfers; }
bad_transfers_are_refused() { /edu_user /dev/hf_edu0 bad_transfers; }
poll_ends() { /edu_user /dev/hf_edu0 polls; }
signals_end_waits() { /edu_user /dev/hf_edu0 interrupted; }

time_ends_waits() {
	reload timeout_ms=30
	/edu_user /dev/hf_edu0 timed_out
	# The device may still be busy: a driver that takes it now is told so.
	sleep 1
	reload
	/edu_user /dev/hf_edu0 transfers
}

several_openers() { /edu_user /dev/hf_edu0 openers; }

# Each time, those who are inside leave with -ENODEV, and nobody else.
unbind_under_load() {
	turn=0
	while [ $turn -lt $((50 / slower)) ]; do
		wait_for there /dev/hf_edu0
		load /dev/hf_edu0
		usleep $((turn * 4000))
		echo $a >$driver/unbind
		load_ends
		gone /dev/hf_edu0
		wait_for bind $a
		turn=$((turn + 1))
	done
	/edu_user /dev/hf_edu0 values
}

unload_is_refused_while_files_are_open() {
	exec 5<>/dev/hf_edu0
	fails rmmod hf_edu
	exec 5>&-
	reload
}

unplug_under_load() {
	bound $c
	load /dev/hf_edu2
	usleep 300000
	host device_del c
	load_ends
	wait_for gone $devices/$c
	gone /dev/hf_edu2
	wait_for host device_add edu,id=c,bus=socket
	wait_for bind $c
	wait_for there /dev/hf_edu2
	/edu_user /dev/hf_edu2 values
}

remove_under_load() {
	load /dev/hf_edu1
	usleep 300000
	echo 1 >$devices/$b/remove
	load_ends
	gone /dev/hf_edu1
	echo 1 >/sys/bus/pci/rescan
	wait_for bind $b
	wait_for there /dev/hf_edu1
	/edu_user /dev/hf_edu1 transfers
}

# Each allocation of probe() fails once, to a limited depth: the kernel's own code for ACPI and MSI does not survive
# all of them.
bind_with_failing_allocations() {
	if [ ! -e /proc/self/fail-nth ]; then
		echo "the kernel does not inject faults"
		exit 77
	fi
	text=$(cat /sys/module/hf_edu/sections/.text)
	grep " [tT] msi_domain_" /proc/kallsyms | sort >/tmp/msi
	for what in failslab fail_page_alloc; do
		attributes=/sys/kernel/debug/$what
		echo N >$attributes/ignore-gfp-wait
		echo 0 >$attributes/verbose
		echo 8 >$attributes/stacktrace-depth
		echo "$text" >$attributes/require-start
		printf '0x%x\n' $((text + $(cat /sys/module/hf_edu/coresize))) >$attributes/require-end
		sed -n '1s/^/0x/;1s/ .*//p' /tmp/msi >$attributes/reject-start
		sed -n '$s/^/0x/;$s/ .*//p' /tmp/msi >$attributes/reject-end
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
	echo $a >$driver/unbind
	n=0 left=0 refused=0
	while [ "$left" = 0 ]; do
		n=$((n + 1))
		echo $n >/proc/self/fail-nth
		echo $a >$driver/bind || true
		read -r left </proc/self/fail-nth
		echo 0 >/proc/self/fail-nth
		if bound $a; then
			/edu_user /dev/hf_edu0 polls
			echo $a >$driver/unbind
		else
			refused=$((refused + 1))
		fi
		gone /dev/hf_edu0
	done
	ktap "    # of $((n - 1)) failing allocations, $refused made probe fail"
	[ $refused -gt 8 ]
	echo $a >$driver/bind
	/edu_user /dev/hf_edu0 transfers
}

must insmod /holdfast.ko
must insmod /hf_edu.ko
run_tests edu factorials_by_messages bytes_go_round bad_transfers_are_refused poll_ends signals_end_waits \
	several_openers factorials_by_the_line time_ends_waits unload_is_refused_while_files_are_open \
	bind_with_failing_allocations unbind_under_load remove_under_load unplug_under_load
must rmmod hf_edu
must rmmod holdfast
