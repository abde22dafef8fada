# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# hf_virtio_input.ko on QEMU's keyboard (virtio0) and tablet (virtio1); tools/guest lets the guest's init read this.
# A test is a function.  It fails when a command in it fails.

keyboard=virtio0 tablet=virtio1
devices=/sys/bus/virtio/devices
driver=/sys/bus/virtio/drivers/hf_virtio_input
serial=$(printf '0123456789%.0s' 1 2 3 4 5 6 7)
EV_KEY=1 EV_ABS=3 EV_LED=17 EV_REP=20
KEY_A=30 BTN_LEFT=272 LED_CAPSL=1 ABS_X=0 ABS_Y=1

bind() { echo "$1" >$driver/bind; }

bound() { [ -e "$driver/$1" ]; }
inputs() { echo "$devices/$1"/input/input*; }
event() { # DEVICE
	set -- "$devices/$1"/input/input*/event*
	echo "/dev/input/${1##*/}"
}
input_is_there() { there "$(event "$1")"; }
input_is_gone() { [ ! -e "$devices/$1/input" ]; }

# A key that the monitor presses arrives.
key_arrives() {
	rm -f /tmp/opened
	/input_user "$(event $keyboard)" code $EV_KEY $KEY_A &
	pid=$!
	wait_for there /tmp/opened
	host sendkey a
	wait $pid
}

interrupts() { # DEVICE
	awk -v device="$1-" 'index($0, device) { n += $2 + $3 } END { print n + 0 }' /proc/interrupts
}

# The test sees the fault in the driver that the kernel has.  The kernel copies the text up to its 0.
stock_serial_is_not_terminated() {
	insmod /virtio_input.ko
	wait_for input_is_there $keyboard
	/input_user "$(event $keyboard)" ids
	text=$(cat "$(inputs $keyboard)/uniq")
	[ "${#text}" -gt 63 ]
	rmmod virtio_input
}

port_loads() {
	insmod /hf_virtio_input.ko
	wait_for input_is_there $keyboard
	wait_for input_is_there $tablet
}

names_are_terminated() {
	/input_user "$(event $keyboard)" ids | tee /tmp/ids
	grep -qx "name 20 QEMU Virtio Keyboard" /tmp/ids
	grep -qx "serial 63 $(echo "$serial" | cut -c 1-63)" /tmp/ids
	[ "$(cat "$(inputs $keyboard)/uniq")" = "$(echo "$serial" | cut -c 1-63)" ]
	[ "$(cat "$(inputs $keyboard)/name")" = "QEMU Virtio Keyboard" ]
	[ "$(cat "$(inputs $keyboard)/phys")" = "$keyboard/input0" ]
	[ "$(cat "$(inputs $tablet)/uniq")" = short ]
	[ "$(cat "$(inputs $keyboard)/id/bustype")" = 0006 ]
}

bits_are_the_devices() {
	k=$(event $keyboard) t=$(event $tablet)
	/input_user "$k" has 0 $EV_KEY
	/input_user "$k" has 0 $EV_REP
	/input_user "$k" has 0 $EV_LED
	/input_user "$k" has $EV_KEY $KEY_A
	/input_user "$k" has $EV_LED $LED_CAPSL
	fails /input_user "$k" has 0 $EV_ABS
	fails /input_user "$k" has $EV_KEY $BTN_LEFT
	/input_user "$t" has $EV_KEY $BTN_LEFT
	/input_user "$t" has $EV_ABS $ABS_X
	fails /input_user "$t" has $EV_KEY $KEY_A
	[ "$(/input_user "$t" range $ABS_X)" = "0 32767" ]
	[ "$(/input_user "$t" range $ABS_Y)" = "0 32767" ]
}

keys_arrive() {
	key_arrives
	rm -f /tmp/opened
	/input_user "$(event $tablet)" code $EV_KEY $BTN_LEFT &
	pid=$!
	wait_for there /tmp/opened
	host mouse_button 1
	host mouse_button 0
	wait $pid
}

# More than the queue has entries, so the driver gets its buffers back.
leds_reach_the_device() {
	before=$(interrupts $keyboard)
	/input_user "$(event $keyboard)" leds 500
	[ "$(interrupts $keyboard)" -gt "$before" ]
	key_arrives
}

unbind_under_events() {
	turn=0
	while [ $turn -lt 20 ]; do
		wait_for input_is_there $keyboard
		rm -f /tmp/opened
		/input_user "$(event $keyboard)" load &
		pid=$!
		wait_for there /tmp/opened
		# Pressed now, released while the driver goes.
		host sendkey a-b-c-d 20
		usleep $((turn * 1000))
		echo $keyboard >$driver/unbind
		wait $pid
		input_is_gone $keyboard
		bind $keyboard
		turn=$((turn + 1))
	done
	key_arrives
}

remove_under_events() {
	pci=$(readlink -f $devices/$keyboard/..)
	rm -f /tmp/opened
	/input_user "$(event $keyboard)" load &
	pid=$!
	wait_for there /tmp/opened
	echo 1 >"$pci/remove"
	wait $pid
	[ ! -e "$pci" ]
	echo 1 >/sys/bus/pci/rescan
	wait_for input_is_there $keyboard
	key_arrives
}

reload() {
	for _ in 1 2 3; do
		rmmod hf_virtio_input
		input_is_gone $keyboard
		input_is_gone $tablet
		insmod /hf_virtio_input.ko
		wait_for input_is_there $keyboard
		wait_for input_is_there $tablet
		key_arrives
	done
}

freeze_and_restore() {
	if [ ! -e /sys/power/pm_test ]; then
		echo "the kernel cannot only freeze devices"
		exit 77
	fi
	echo 0 >/sys/module/suspend/parameters/pm_test_delay
	echo devices >/sys/power/pm_test
	for _ in 1 2 3; do
		/input_user "$(event $keyboard)" leds 40
		echo freeze >/sys/power/state
		key_arrives
	done
	echo none >/sys/power/pm_test
}

# Each step of probe() that may fail does so once.
failing_steps_of_probe() {
	case $(uname -r) in
	6.1.*) kmalloc=kmalloc_trace ;;
	*) kmalloc=__kmalloc_cache_noprof ;;
	esac
	for fault in "$kmalloc 0" "vp_modern_find_vqs -12" "input_allocate_device 0" "input_register_device -12"; do
		set -- $fault
		echo $keyboard >$driver/unbind
		insmod /hf_virtio_input_fault_inject.ko symbol="$1" value="$2"
		fails bind $keyboard
		[ "$(cat /sys/module/hf_virtio_input_fault_inject/parameters/failed)" -eq 1 ]
		rmmod hf_virtio_input_fault_inject
		input_is_gone $keyboard
		fails bound $keyboard
		bind $keyboard
		key_arrives
	done
	# A status that finds no memory is lost, and nothing else.
	insmod /hf_virtio_input_fault_inject.ko symbol="$kmalloc" value=0
	/input_user "$(event $keyboard)" leds 10
	[ "$(cat /sys/module/hf_virtio_input_fault_inject/parameters/failed)" -eq 20 ]
	rmmod hf_virtio_input_fault_inject
	/input_user "$(event $keyboard)" leds 10
	key_arrives
}

while read -r module; do
	[ "$module" = virtio_input.ko ] || must insmod "/$module"
done </stock.order
must insmod /holdfast.ko
run_tests virtio_input stock_serial_is_not_terminated port_loads names_are_terminated bits_are_the_devices keys_arrive leds_reach_the_device \
	failing_steps_of_probe freeze_and_restore unbind_under_events remove_under_events reload
must rmmod hf_virtio_input
must rmmod holdfast
