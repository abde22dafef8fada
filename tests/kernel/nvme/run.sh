# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# hf_nvme.ko on QEMU's controllers; tools/guest lets the guest's init read this.
#
#   a   one namespace, blocks of 512 bytes
#   b   two namespaces, of 512 and 4096 bytes
#   c   left to the stock driver, at first; one I/O queue, transfers of 8 KiB at most
#   d   one interrupt, transfers of any size; block 2048 cannot be read
#   e   no namespace
#   f   blocks with metadata
#
# A test is a function; it fails with the first command in it that does.

a=0000:00:10.0 b=0000:00:11.0 c=0000:00:12.0 d=0000:00:13.0 e=0000:00:14.0 f=0000:00:15.0
devices=/sys/bus/pci/devices
driver=/sys/bus/pci/drivers/hf_nvme
# In seconds: what a command that does not end may take.  "slower" is the guest's kernel.
patience=$((60 * slower))
timeout_ms=$((5000 * slower))

# --- helpers ----------------------------------------------------------------------------------

ktap() { echo "$*" >/dev/kmsg; }

run_tests() {
	ktap "1..1"
	ktap "    # Subtest: nvme"
	ktap "    1..$#"
	n=0 result=ok
	for t; do
		n=$((n + 1))
		# Not in a condition, where -e has no effect.
		(set -ex; "$t") >/tmp/test.out 2>&1
		case $? in
		0)
			ktap "    ok $n $t"
			continue
			;;
		77)
			ktap "    ok $n $t # SKIP $(tail -n 1 /tmp/test.out)"
			continue
			;;
		esac
		result="not ok"
		tail -n 25 /tmp/test.out | while read -r line; do ktap "    # $line"; done
		ktap "    not ok $n $t"
	done
	ktap "$result 1 nvme"
}

skip() {
	set +x
	echo "$*"
	exit 77
}

bound() { [ -e "$driver/$1" ]; }

bind() {
	echo hf_nvme >"$devices/$1/driver_override"
	echo "$1" >/sys/bus/pci/drivers_probe
	bound "$1"
}

unbind() { echo "$1" >"$driver/unbind"; }

# The disk of a controller, and of which namespace.  Its number is another one after each bind.
disk() {
	for found in "$devices/$1"/block/hfnvme*n"$2"; do
		[ -e "$found" ]
		echo "/dev/${found##*/}"
	done
}

# Write random bytes, read them in other pieces, compare.
write_and_compare() { # DISK WRITE-SIZE READ-SIZE BYTES
	head -c "$4" /dev/urandom >/tmp/data
	dd if=/tmp/data of="$1" bs="$2" oflag=direct conv=fsync
	dd if="$1" of=/tmp/back bs="$3" iflag=direct count=$(($4 / $3))
	cmp /tmp/data /tmp/back
	rm /tmp/data /tmp/back
}

# Reads and writes for as long as the disk is there; "load_ends" waits for the end.
load() { # DISK...
	for disk; do
		fio --name=load --filename="$disk" --ioengine=libaio --iodepth=16 --rw=randrw \
			--bsrange=4k-128k --direct=1 --time_based --runtime=600 --size=32M \
			>/tmp/load.out 2>&1 &
	done
	for disk; do
		stat=/sys/block/${disk##*/}/stat
		before=$(awk '{ print $5 }' "$stat")
		i=0
		# Until it writes, and something is in flight.
		until awk "{ exit !(\$5 > $before + 32 && \$9 > 0) }" "$stat"; do
			pidof fio >/dev/null
			[ $i -lt $((patience * 20)) ]
			usleep 50000
			i=$((i + 1))
		done
	done
}

load_ends() {
	i=0
	while pidof fio >/dev/null; do
		[ $i -lt $patience ]
		sleep 1
		i=$((i + 1))
	done
}

# --- tests ------------------------------------------------------------------------------------

parameters_out_of_range_are_refused() {
	rmmod hf_nvme
	for bad in entries=1 entries=2000 queues=100 timeout_ms=10; do
		if insmod /hf_nvme.ko $bad; then false; fi
	done
	insmod /hf_nvme.ko timeout_ms=$timeout_ms
}

other_devices_are_refused() {
	echo hf_nvme >$devices/0000:00:00.0/driver_override
	echo 0000:00:00.0 >/sys/bus/pci/drivers_probe || true
	if bound 0000:00:00.0; then false; fi
	echo >$devices/0000:00:00.0/driver_override
	dmesg | grep -q "hf_nvme 0000:00:00.0: .*not an NVM Express controller"
}

# Each time, so nothing is left of the time before.
unusable_controllers_are_refused() {
	for again in 1 2 3; do
		if bind $e; then false; fi
		if bind $f; then false; fi
	done
	[ "$(dmesg | grep -c "hf_nvme $e: the controller has no namespace")" = 3 ]
	[ "$(dmesg | grep -c "hf_nvme $f: blocks have metadata, in namespace: 1")" = 3 ]
	dmesg | grep "hf_nvme $e: error -ENODEV: the controller cannot be used"
	dmesg | grep "hf_nvme $f: error -EOPNOTSUPP: the controller cannot be used"
	if grep -E "hfnvme" /proc/interrupts /proc/partitions; then false; fi
}

bind_by_driver_override() {
	bind $a
	bind $b
	bind $d
	[ "$(blockdev --getsize64 "$(disk $a 1)")" = 67108864 ]
	[ "$(blockdev --getss "$(disk $a 1)")" = 512 ]
	[ "$(blockdev --getss "$(disk $b 1)")" = 512 ]
	[ "$(blockdev --getss "$(disk $b 2)")" = 4096 ]
}

stock_driver_keeps_its_device() {
	for m in $(cat /nvme.order); do insmod "/$m"; done
	sleep 1
	[ -e /sys/bus/pci/drivers/nvme/$c ]
	bound $a
	bound $b
	[ ! -e /sys/bus/pci/drivers/nvme/$a ]
	head -c 1048576 /dev/urandom >/tmp/stock
	dd if=/tmp/stock of=/dev/nvme0n1 bs=64k oflag=direct
	echo $c >/sys/bus/pci/drivers/nvme/unbind
	rmmod nvme
}

bind_by_new_id() {
	echo 1b36 0010 >$driver/new_id
	bound $c
	# What the stock driver wrote is there.
	dd if="$(disk $c 1)" of=/tmp/back bs=4k count=256 iflag=direct
	cmp /tmp/stock /tmp/back
	name=$(basename "$(disk $c 1)")
	[ "$(cat "/sys/block/$name/queue/max_hw_sectors_kb")" = 8 ]
	[ "$(ls "/sys/block/$name/mq" | wc -l)" = 1 ]
	for cpu in 0 1; do
		taskset $((cpu + 1)) dd if=/dev/$name of=/dev/null bs=64k count=8 iflag=direct
	done
	write_and_compare "/dev/$name" 1048576 4096 2097152
	unbind $c
	echo 1b36 0010 >$driver/remove_id
	rm /tmp/stock
}

interrupts_on_all_queues() {
	for cpu in 0 1; do
		taskset $((cpu + 1)) dd if="$(disk $a 1)" of=/dev/null bs=4k count=64 iflag=direct
	done
	name=$(basename "$(disk $a 1)" n1)
	# Each on a processor of its own; which on which is the kernel's choice.
	grep "${name}q[12]\$" /proc/interrupts | awk '
		{ print }
		$2 >= 64 && $3 == 0 { first++ }
		$2 == 0 && $3 >= 64 { second++ }
		END { exit !(first == 1 && second == 1) }'
}

one_interrupt_for_all() {
	name=$(basename "$(disk $d 1)" n1)
	[ "$(grep -c "$name" /proc/interrupts)" = 1 ]
	write_and_compare "$(disk $d 1)" 4096 262144 524288
}

limits() {
	queue=/sys/block/$(basename "$(disk $a 1)")/queue
	grep . "$queue"/* || true
	[ "$(cat "$queue/max_hw_sectors_kb")" = 128 ]
	[ "$(cat "$queue/max_segments")" = 33 ]
	[ "$(cat "$queue/virt_boundary_mask")" = 4095 ]
	[ "$(cat "$queue/write_cache")" = "write back" ]
	[ "$(cat "$queue/fua")" = 1 ]
	[ "$(cat "$queue/rotational")" = 0 ]
	[ "$(cat "$queue/discard_granularity")" = 512 ]
	[ "$(cat "$queue/write_zeroes_max_bytes")" = 33553920 ] ||
		[ "$(cat "$queue/write_zeroes_max_bytes")" = 33554432 ]
	[ "$(ls "/sys/block/$(basename "$(disk $a 1)")/mq" | wc -l)" = 2 ]
}

data_512() {
	write_and_compare "$(disk $a 1)" 512 65536 131072
	write_and_compare "$(disk $a 1)" 4096 1048576 4194304
	write_and_compare "$(disk $a 1)" 1048576 4096 8388608
	write_and_compare "$(disk $a 1)" 66560 13312 1331200
}

data_4096() {
	write_and_compare "$(disk $b 2)" 4096 65536 1048576
	write_and_compare "$(disk $b 2)" 1048576 12288 6291456
}

namespaces_are_apart() {
	dd if=/dev/zero of="$(disk $b 1)" bs=1M count=4 oflag=direct
	write_and_compare "$(disk $b 2)" 65536 65536 4194304
	dd if="$(disk $b 1)" bs=1M count=4 iflag=direct | tr -d '\0' | wc -c >/tmp/back
	[ "$(cat /tmp/back)" = 0 ]
}

the_end_of_the_disk() {
	dd if="$(disk $a 1)" of=/dev/null bs=512 skip=131071 iflag=direct
	if dd if=/dev/zero of="$(disk $a 1)" bs=512 seek=131072 count=1 oflag=direct; then false; fi
}

# Bytes 1 MiB to 2 MiB of 4 MiB are gone, the others are not.
zeroed_in_the_middle() { # DISK COMMAND...
	disk=$1
	shift
	head -c 4194304 /dev/urandom >/tmp/data
	dd if=/tmp/data of="$disk" bs=1M oflag=direct
	"$@" -o 1048576 -l 1048576 "$disk"
	dd if=/dev/zero of=/tmp/data bs=1M seek=1 count=1 conv=notrunc
	dd if="$disk" of=/tmp/back bs=64k count=64 iflag=direct
	cmp /tmp/data /tmp/back
	rm /tmp/data /tmp/back
}

discard() {
	zeroed_in_the_middle "$(disk $a 1)" /usr/sbin/blkdiscard
	zeroed_in_the_middle "$(disk $b 2)" /usr/sbin/blkdiscard
}

write_zeroes() {
	zeroed_in_the_middle "$(disk $a 1)" /usr/sbin/blkdiscard -z
	zeroed_in_the_middle "$(disk $b 2)" /usr/sbin/blkdiscard -z
}

file_system() {
	for disk in "$(disk $a 1)" "$(disk $b 2)"; do
		mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$disk"
		mount -t ext4 "$disk" /mnt
		mkdir /mnt/tree
		cp -r /bin /init /script /mnt/tree
		for i in 1 2 3 4; do head -c 3000001 /dev/urandom >/mnt/tree/$i; done
		(cd /mnt/tree && find . -type f | sort | xargs sha256sum) >/tmp/sums
		cp -r /mnt/tree /mnt/copy
		rm -r /mnt/tree
		fstrim /mnt
		umount /mnt
		fsck.ext4 -f -n "$disk"
		echo 3 >/proc/sys/vm/drop_caches
		mount -t ext4 -o ro "$disk" /mnt
		(cd /mnt/copy && sha256sum -c /tmp/sums) >/tmp/sums.out
		umount /mnt
	done
}

fio_verify() {
	for disk in "$(disk $a 1)" "$(disk $b 2)"; do
		for how in "--bs=4k --iodepth=32" "--bsrange=4k-256k --iodepth=8" "--bs=64k --iodepth=1"; do
			# shellcheck disable=SC2086
			fio --name=verify --filename="$disk" --ioengine=libaio --direct=1 $how \
				--rw=randwrite --verify=crc32c --verify_fatal=1 --do_verify=1 \
				--numjobs=2 --size=8M --offset_increment=16M --group_reporting
		done
		fio --name=mixed --filename="$disk" --ioengine=libaio --direct=1 --bs=4k --iodepth=64 \
			--rw=randrw --verify=md5 --verify_fatal=1 --size=8M
	done
}

fio_trim_and_flush() {
	fio --name=trim --filename="$(disk $a 1)" --ioengine=libaio --direct=1 --bs=16k --iodepth=8 \
		--rw=randtrimwrite --fsync=16 --size=8M --number_ios=1000
	fio --name=sync --filename="$(disk $a 1)" --ioengine=psync --direct=1 --sync=dsync --bs=4k \
		--rw=randwrite --verify=crc32c --do_verify=1 --size=1M
}

read_error() {
	dd if="$(disk $d 1)" of=/dev/null bs=4k count=255 iflag=direct
	if dd if="$(disk $d 1)" of=/dev/null bs=512 skip=2048 count=1 iflag=direct; then false; fi
	if dd if="$(disk $d 1)" of=/dev/null bs=64k count=32 iflag=direct; then false; fi
	dd if="$(disk $d 1)" of=/dev/null bs=512 skip=2049 count=512 iflag=direct
	dd if=/dev/zero of="$(disk $d 1)" bs=512 seek=2048 count=1 oflag=direct
	if dd if="$(disk $d 1)" of=/dev/null bs=512 skip=2048 count=1; then false; fi
	dmesg | grep -E "hfnvme[0-9]*n1, sector 2048 op 0x0:\(READ\)"
}

rebind_under_load() {
	for i in $(seq "$rebinds"); do
		load "$(disk $a 1)"
		unbind $a
		load_ends
		bind $a
	done
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

removed_under_load() {
	load "$(disk $a 1)" "$(disk $b 2)"
	echo 1 >$devices/$b/remove
	echo 1 >$devices/$a/remove
	load_ends
	[ ! -e $devices/$a ]
	echo 1 >/sys/bus/pci/rescan
	bind $a
	bind $b
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
	write_and_compare "$(disk $b 2)" 4096 65536 1048576
}

# It cannot fetch a command, which is fatal to it: the command is submitted again after a reset.
reset_after_fatal_status() {
	name=$(basename "$(disk $a 1)")
	head -c 65536 /dev/urandom >/tmp/data
	printf '\002' | dd of=$devices/$a/config bs=1 seek=4 conv=notrunc
	dd if=/tmp/data of="/dev/$name" bs=64k oflag=direct &
	until awk '{ exit !($2 > 0) }' "/sys/block/$name/inflight"; do usleep 1000; done
	printf '\006' | dd of=$devices/$a/config bs=1 seek=4 conv=notrunc
	wait $!
	dmesg | grep "hf_nvme $a: the controller stopped, or does not abort: reset: 1"
	dd if="/dev/$name" of=/tmp/back bs=4k count=16 iflag=direct
	cmp /tmp/data /tmp/back
	write_and_compare "/dev/$name" 4096 65536 1048576
}

# Its registers read as all ones, as those of a device that was pulled out do.
gone_under_load() {
	load "$(disk $a 1)"
	dd if=/dev/zero of=$devices/$a/config bs=1 seek=4 count=1 conv=notrunc
	load_ends
	# An error, or the end of a disk that has no size any more.
	[ "$(dd if="$(disk $a 1)" bs=4k count=1 iflag=direct | wc -c)" = 0 ]
	dmesg | grep "hf_nvme $a: gone: ENODEV"
	unbind $a
	bind $a
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

# Before the driver noticed.
unbound_when_gone() {
	load "$(disk $a 1)"
	dd if=/dev/zero of=$devices/$a/config bs=1 seek=4 count=1 conv=notrunc
	unbind $a
	load_ends
	bind $a
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

# Let allocations fail that are made on behalf of the driver's functions: which ones, others say.
inject() {
	[ -e /proc/self/fail-nth ] || skip "the kernel does not inject faults"
	text=$(cat /sys/module/hf_nvme/sections/.text)
	for what in failslab fail_page_alloc; do
		attributes=/sys/kernel/debug/$what
		echo N >$attributes/ignore-gfp-wait
		echo 0 >$attributes/verbose
		echo "$text" >$attributes/require-start
		printf '0x%x\n' $((text + $(cat /sys/module/hf_nvme/coresize))) >$attributes/require-end
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
}

names_in_use() { grep -o "hfnvme.*" /proc/interrupts /proc/partitions; }

# Each allocation of probe() fails once: it then cleans up, or does without.
probe_with_failing_allocations() {
	inject
	unbind $a
	names_in_use >/tmp/others
	n=0 left=0 refused=0
	while [ "$left" = 0 ]; do
		n=$((n + 1))
		echo $n >/proc/self/fail-nth
		echo $a >/sys/bus/pci/drivers_probe || true
		read -r left </proc/self/fail-nth
		echo 0 >/proc/self/fail-nth
		if bound $a; then
			dd if="$(disk $a 1)" of=/dev/null bs=64k count=4 iflag=direct
			unbind $a
		else
			refused=$((refused + 1))
		fi
		names_in_use | diff /tmp/others -
	done
	ktap "    # of $((n - 1)) failing allocations, $refused made probe fail"
	[ $refused -gt 20 ]
	bind $a
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

# A discard allocates; where there is no memory, it comes later.
discard_with_failing_allocations() {
	inject
	attributes=/sys/kernel/debug/failslab
	trap 'echo 0 >$attributes/probability' EXIT
	echo 50 >$attributes/probability
	echo -1 >$attributes/times
	fio --name=trim --filename="$(disk $a 1)" --ioengine=libaio --direct=1 --bs=16k --iodepth=8 \
		--rw=randtrimwrite --size=8M --number_ios=400
	zeroed_in_the_middle "$(disk $a 1)" /usr/sbin/blkdiscard
}

one_small_queue() {
	rmmod hf_nvme
	insmod /hf_nvme.ko timeout_ms=$timeout_ms queues=1 entries=4
	bind $a
	mq=/sys/block/$(basename "$(disk $a 1)")/mq
	[ "$(ls "$mq" | wc -l)" = 1 ]
	[ "$(cat "$mq/0/nr_tags")" = 3 ]
	write_and_compare "$(disk $a 1)" 4096 1048576 1048576
	fio --name=small --filename="$(disk $a 1)" --ioengine=libaio --direct=1 --bs=4k --iodepth=32 \
		--rw=randwrite --verify=crc32c --do_verify=1 --size=1M --numjobs=2 --offset_increment=2M
}

unload_under_load() {
	load "$(disk $a 1)"
	# While the disk is open, rmmod is refused.
	if rmmod hf_nvme; then false; fi
	unbind $a
	load_ends
	rmmod hf_nvme
	if grep hfnvme /proc/interrupts /proc/partitions /proc/iomem; then false; fi
}

# --- all --------------------------------------------------------------------------------------

rebinds=${rebinds:-10}
mkdir -p /mnt
must insmod /holdfast.ko
must insmod /hf_nvme.ko timeout_ms=$timeout_ms
for m in $(cat /ext4.order); do must insmod "/$m"; done
run_tests parameters_out_of_range_are_refused other_devices_are_refused \
	unusable_controllers_are_refused bind_by_driver_override stock_driver_keeps_its_device \
	bind_by_new_id interrupts_on_all_queues one_interrupt_for_all limits data_512 data_4096 \
	namespaces_are_apart the_end_of_the_disk discard write_zeroes file_system fio_verify \
	fio_trim_and_flush read_error rebind_under_load removed_under_load \
	reset_after_fatal_status gone_under_load unbound_when_gone \
	probe_with_failing_allocations discard_with_failing_allocations one_small_queue \
	unload_under_load
must rmmod holdfast
