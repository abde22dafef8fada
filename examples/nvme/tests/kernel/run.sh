# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# hf_nvme.ko on QEMU's controllers; tools/guest lets the guest's init read this.
#
#   a   one namespace, blocks of 512 bytes, transfers of 2 MiB at most
#   b   two namespaces, of 512 and 4096 bytes
#   c   first bound to the stock driver; one I/O queue, transfers of 8 KiB at most
#   d   one interrupt; block 2048 cannot be read
#   e   no namespace
#   f   blocks with metadata
#   g   blocks of 8192 bytes
#   h   in a slot with hot-plug
#   j   another controller of b's namespaces
#   i   18 namespaces; 2 is zoned, 3 has metadata, 4 has blocks of 8192 bytes
#   k   5 GiB
#
# "aborts" is 1 if QEMU's controllers implement the command Abort, and else 0.
#
# A test is a function.  It fails when a command in it fails.  If "tests" is set, only those run.

a=0000:00:10.0 b=0000:00:11.0 c=0000:00:12.0 d=0000:00:13.0 e=0000:00:14.0 f=0000:00:15.0
g=0000:00:16.0 h=0000:01:00.0 i=0000:00:17.0 j=0000:00:1a.0
k=0000:00:19.0
devices=/sys/bus/pci/devices
driver=/sys/bus/pci/drivers/hf_nvme
# The time limit of a command in seconds; "slower" is the factor of the guest's kernel.
patience=$((60 * slower))
io_timeout=$((5 * slower))

# --- helpers ----------------------------------------------------------------------------------

# Clean up what a failed test may have left.
clean_up() {
	killall -q -KILL fio dd
	rmmod hf_nvme_fault_inject
	relieve
} 2>/dev/null

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

reload() { # PARAMETER...
	rmmod hf_nvme
	insmod /hf_nvme.ko "$@"
	bind $a
}

unbind() { echo "$1" >"$driver/unbind"; }

# The disk of a namespace of a controller.  Its number changes with each bind.
disk() {
	for found in "$devices/$1"/block/hfnvme*n"$2"; do
		[ -e "$found" ]
		echo "/dev/${found##*/}"
	done
}

# The node of a controller.
node() {
	found=$(disk "$1" 1)
	echo "${found%n1}"
}

has_disk() { [ -b "$(disk "$1" 1)" ]; }

# Write random bytes, read them with other sizes, compare.
write_and_compare() { # DISK WRITE-SIZE READ-SIZE BYTES
	head -c "$4" /dev/urandom >/tmp/data
	dd if=/tmp/data of="$1" bs="$2" oflag=direct conv=fsync
	dd if="$1" of=/tmp/back bs="$3" iflag=direct count=$(($4 / $3))
	cmp /tmp/data /tmp/back
	rm /tmp/data /tmp/back
}

# Read and write until the disk is removed; "load_ends" waits for the end.
load() { # DISK...
	for disk; do
		fio --name=load --filename="$disk" --ioengine=libaio --iodepth=16 --rw=randrw \
			--bsrange=4k-128k --direct=1 --time_based --runtime=600 --size=32M \
			>/tmp/load.out 2>&1 &
	done
	for disk; do
		before=$(writes "$disk")
		wait_for busy "$disk" $((before + 32))
	done
}

writes() { awk '{ print $5 }' "/sys/block/${1##*/}/stat"; }

# Whether the load wrote so much, and I/O is in flight.
busy() { awk "{ exit !(\$5 > $2 && \$9 > 0) }" "/sys/block/${1##*/}/stat"; }

no_load() { ! pidof fio; }

load_ends() { wait_for no_load; }

# --- tests ------------------------------------------------------------------------------------

parameters_out_of_range_are_refused() {
	rmmod hf_nvme
	for bad in io_queue_depth=1 io_queue_depth=2000 queues=100 poll_queues=-1 io_timeout=0; do
		if insmod /hf_nvme.ko $bad; then false; fi
		dmesg | grep -q "hf_nvme: \`${bad#*=}' invalid for parameter \`${bad%=*}'"
	done
	insmod /hf_nvme.ko io_timeout=$io_timeout
}

modinfo_is_complete() {
	# It insists on this.
	mkdir -p "/lib/modules/$(uname -r)"
	touch "/lib/modules/$(uname -r)/modules.dep"
	modinfo /hf_nvme.ko >/tmp/modinfo
	cat /tmp/modinfo
	grep "^license: *Dual MIT/GPL" /tmp/modinfo
	for field in author description version depends; do grep "^$field: *[^ ]" /tmp/modinfo; done
	for parameter in /sys/module/hf_nvme/parameters/*; do
		grep "^parm: *${parameter##*/}:.*default" /tmp/modinfo
	done
}

# The kernel keeps a thread for the tick, as memory reclaim may wait for it.  The name may be shortened.
workqueue_has_a_thread_in_reserve() { grep -hxE "(kworker/R-)?hf_nv.*" /proc/[0-9]*/comm; }

other_devices_are_refused() {
	echo hf_nvme >$devices/0000:00:00.0/driver_override
	echo 0000:00:00.0 >/sys/bus/pci/drivers_probe || true
	if bound 0000:00:00.0; then false; fi
	echo >$devices/0000:00:00.0/driver_override
	dmesg | grep -q "hf_nvme 0000:00:00.0: .*not an NVM Express controller"
}

# Repeated: nothing may be left of the previous bind.
unusable_controllers_are_refused() {
	for again in 1 2 3; do
		if bind $e; then false; fi
		if bind $f; then false; fi
		if bind $g; then false; fi
	done
	[ "$(dmesg | grep -c "hf_nvme $e: the controller has no namespace")" = 3 ]
	[ "$(dmesg | grep -c "hf_nvme $f: blocks have metadata, in namespace: 1")" = 3 ]
	[ "$(dmesg | grep -c "hf_nvme $g: LBADS: blocks are not of 512 to 4096 bytes: 13")" = 3 ]
	dmesg | grep "hf_nvme $e: error -ENODEV: the controller cannot be used"
	dmesg | grep "hf_nvme $f: error -EOPNOTSUPP: the controller cannot be used"
	dmesg | grep "hf_nvme $g: error -EOPNOTSUPP: the controller cannot be used"
	if grep -E "hfnvme" /proc/interrupts /proc/partitions; then false; fi
}

# A fault is injected at each bind: the probe names it in its message, and leaves nothing.
inject() { # ERROR MESSAGE PARAMETER...
	error=$1 message=$2
	shift 2
	insmod /hf_nvme_fault_inject.ko device=$a "$@"
	dmesg -c >/dev/null
	for again in 1 2 3; do
		if bind $a; then false; fi
	done
	rmmod hf_nvme_fault_inject
	dmesg
	[ "$(dmesg | grep -c "hf_nvme $a: $message")" = 3 ]
	[ "$(dmesg | grep -c "hf_nvme $a: error $error: the controller cannot be used")" = 3 ]
	if grep hfnvme /proc/interrupts /proc/partitions; then false; fi
	if grep hf_nvme /proc/iomem; then false; fi
	# Except those of other drivers, some of which the kernel may end late.
	[ "$(grep -c ioremap /proc/vmallocinfo)" -le "$mappings" ]
}

short_bars() {
	mappings=$(grep -c ioremap /proc/vmallocinfo)
	inject -ENODEV "the register window is shorter than bytes: 4104" bar=4096
	# The window has doorbells for one I/O queue.
	inject -ERANGE "the doorbells of a queue lie outside the register window: 2" bar=4112
}

# CAP: queues of 64 entries, 500 ms to become ready, the NVM command set.
lying_registers() {
	mappings=$(grep -c ioremap /proc/vmallocinfo)
	inject -ENODEV "the controller did not become ready within ms: 500" cap=0x200101003f
	inject -ENODEV "no controller answers at the registers" cap=0xffffffffffffffff
	inject -EPROTO "CAP.MQES: queues of one entry" cap=0x2001010000
	inject -EOPNOTSUPP "CAP.MPSMIN: all pages exceed 4096 bytes: 1" cap=0x100200101003f
	inject -EOPNOTSUPP "CAP.CSS: there is no NVM command set: 0" cap=0x101003f
	inject -ERANGE "the doorbells of a queue lie outside the register window: 0" cap=0x2f0101003f
}

# What cannot be used leaves the other namespaces as they are.
one_of_many_namespaces_is_refused() {
	dmesg -c >/dev/null
	bind $i
	dmesg
	[ "$(ls $devices/$i/block | wc -l)" = 15 ]
	for n in 2 3 4; do
		[ ! -e $devices/$i/block/hfnvme*n$n ]
		dmesg | grep "hf_nvme $i: a namespace is left out: $n\$"
	done
	dmesg | grep "hf_nvme $i: a zoned namespace, which needs another command set: 2"
	dmesg | grep "hf_nvme $i: blocks have metadata, in namespace: 3"
	dmesg | grep "hf_nvme $i: LBADS: blocks are not of 512 to 4096 bytes: 13"
	for n in 1 5 18; do
		dd if="$(disk $i $n)" of=/dev/null bs=64k count=4 iflag=direct
		dd if=/dev/zero of="$(disk $i $n)" bs=64k count=4 oflag=direct
	done
	unbind $i
}

# Pages: of the controller, of its command set, the list of namespaces, the descriptors of the namespace,
# the namespace.
lying_identify() {
	mappings=$(grep -c ioremap /proc/vmallocinfo)
	inject -EPROTO "Identify: SQES, CQES" page=1 offset=512 size=1 value=0
	inject -EPROTO "Identify: NN" page=1 offset=516 size=4 value=0
	inject -EPROTO "Identify: MDTS" page=1 offset=77 size=1 value=52
	inject -EPROTO "Identify: namespaces out of order" page=3 offset=0 size=4 value=257
	inject -EPROTO "Identify: NSZE: no blocks" page=5 offset=0 size=8 value=0
	inject -EPROTO "Identify: NSZE: .* more than 2^63 bytes" page=5 offset=0 size=8 \
		value=0xffffffffffffffff
	inject -EPROTO "Identify: NCAP" page=5 offset=8 size=8 value=0x8000000
	inject -EPROTO "Identify: NLBAF" page=5 offset=25 size=1 value=255
	inject -EPROTO "Identify: FLBAS" page=5 offset=26 size=1 value=15
	inject -EOPNOTSUPP "LBADS: blocks are not of 512 to 4096 bytes: 0" page=5 offset=130 size=1 value=0
	inject -EOPNOTSUPP "blocks have metadata, in namespace: 1" page=5 offset=128 size=2 value=8
}

# MDTS: a transfer has at most 2^MDTS pages, or no limit if it is 0, and at most the driver's 128 KiB.
# 51 is the largest accepted value.
transfer_limits() {
	for limit in 0=128 4=64 5=128 6=128 19=128 20=128 51=128; do
		insmod /hf_nvme_fault_inject.ko device=$a page=1 offset=77 size=1 value=${limit%=*}
		bind $a
		[ "$(cat "/sys/block/$(basename "$(disk $a 1)")/queue/max_hw_sectors_kb")" = ${limit#*=} ]
		unbind $a
		rmmod hf_nvme_fault_inject
	done
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

stock_disk() {
	for found in $devices/$c/nvme/nvme*/nvme*n1; do
		[ -b "/dev/${found##*/}" ] || return 1
		echo "${found##*/}"
	done
}

stock_driver_keeps_its_device() {
	for m in $(cat /nvme.order); do insmod "/$m"; done
	# The stock driver adds its disks in the background, in any order.
	wait_for stock_disk
	[ -e /sys/bus/pci/drivers/nvme/$c ]
	bound $a
	bound $b
	[ ! -e /sys/bus/pci/drivers/nvme/$a ]
	head -c 1048576 /dev/urandom >/tmp/stock
	dd if=/tmp/stock of="/dev/$(stock_disk)" bs=64k oflag=direct
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
	# Each vector on a CPU of its own, which the kernel chooses.
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

# Without MSI-X and MSI: a line that devices share.
interrupt_by_a_line() {
	unbind $d
	echo 0 >$devices/$d/msi_bus
	bind $d
	name=$(basename "$(disk $d 1)" n1)
	grep "$name" /proc/interrupts | grep -q IO-APIC
	write_and_compare "$(disk $d 1)" 4096 262144 524288
	unbind $d
	echo 1 >$devices/$d/msi_bus
	bind $d
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

attributes() {
	cd $devices/$b
	[ "$(cat model)" = "QEMU NVMe Ctrl" ]
	[ "$(cat serial)" = hf-b ]
	[ "$(cat firmware_rev | wc -c)" -gt 1 ]
	[ "$(cat queue_count)" = 3 ]
	[ "$(cat sqsize)" = 127 ]
	[ "$(cat state)" = live ]
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

# Memory that starts within a page, as O_DIRECT allows it.
unaligned_memory() {
	for disk in "$(disk $a 1)" "$(disk $b 2)"; do
		for offset in 512 4 4092; do
			fio --name=unaligned --filename="$disk" --ioengine=libaio --iodepth=16 --direct=1 \
				--iomem_align=$offset --bsrange=4k-128k --rw=randwrite --size=4M \
				--verify=crc32c --verify_fatal=1 --do_verify=1
		done
	done
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

# Bytes 1 MiB to 2 MiB of 4 MiB were discarded, the others were not.
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

# QEMU ignores ranges that exceed its limit of 2 GiB, and reports success.
discard_of_gigabytes() {
	bind $k
	disk=$(disk $k 1)
	[ "$(cat "/sys/block/${disk##*/}/queue/discard_max_hw_bytes")" -le 2147483648 ]
	for gib in 0 2 4; do
		head -c 65536 /dev/urandom | dd of="$disk" bs=64k seek=$((gib * 16384)) oflag=direct
	done
	/usr/sbin/blkdiscard "$disk"
	for gib in 0 2 4; do
		dd if="$disk" bs=64k skip=$((gib * 16384)) count=1 iflag=direct | tr -d '\0' >/tmp/back
		[ ! -s /tmp/back ]
	done
	unbind $k
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

# Two controllers, three namespaces, blocks of both sizes.
fio_verify_all_at_once() {
	set --
	for disk in "$(disk $a 1)" "$(disk $b 1)" "$(disk $b 2)"; do
		set -- "$@" --name="${disk##*/}" --filename="$disk"
	done
	fio --ioengine=libaio --direct=1 --bsrange=4k-64k --iodepth=16 --rw=randwrite --size=8M \
		--verify=crc32c --verify_fatal=1 --do_verify=1 "$@"
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

# As load(), but cheaper to start: the number of transfers in flight varies less.
hammer() { # DISK
	# Reopening must not create a file in /dev after the disk was removed.
	exec 4<>"$1"
	for i in 1 2 3; do
		while dd if=/dev/zero of=/proc/self/fd/4 bs=128k count=256 oflag=direct conv=notrunc; do
			:
		done &
		while dd if=/proc/self/fd/4 of=/dev/null bs=64k count=512 iflag=direct; do :; done &
	done 2>/dev/null
	exec 4>&-
	wait_for busy "$1" 4
}

no_hammer() { ! pidof dd; }

# Two controllers at the same time.
rebind_under_load() {
	for n in $(seq "$rebinds"); do
		hammer "$(disk $a 1)"
		hammer "$(disk $b 2)"
		unbind $a &
		unbind $b
		wait $!
		wait_for no_hammer
		bind $a &
		bind $b
		wait $!
	done
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
	write_and_compare "$(disk $b 2)" 4096 65536 1048576
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

# Orderly hot removal by PCI Express: request, unbind, then unplug.
unplugged_under_load() {
	bind $h
	load "$(disk $h 1)" "$(disk $a 1)"
	host device_del h
	wait_for gone $devices/$h
	# That of h may be ending by itself.
	killall -INT fio || true
	load_ends
	wait_for host device_add nvme,id=h,serial=hf-h,drive=h,bus=socket
	wait_for there $devices/$h
	# The device appears in sysfs before drivers can bind to it, and is bound before it has its disk.
	bind $h || true
	wait_for has_disk $h
	write_and_compare "$(disk $h 1)" 4096 65536 1048576
}

# From now on a's disk stalls, after the one request that an empty token bucket lets pass.
stall() {
	dmesg -c >/dev/null
	host block_set_io_throttle a 1 0 0 0 0 0
	dd if=/dev/zero of="$(disk $a 1)" bs=64k count=1 seek=1 oflag=direct
}

relieve() { host block_set_io_throttle a 0 0 0 0 0 0; }

said() { dmesg | grep "hf_nvme $a: $1"; }

# A controller with Abort ends the command with an error; one without executes it later.
command_ends_after_the_abort() {
	reload io_timeout=$((3 * slower))
	head -c 65536 /dev/urandom >/tmp/data
	stall
	dd if=/tmp/data of="$(disk $a 1)" bs=64k oflag=direct 2>/tmp/dd.out &
	wait_for said "a command timed out; aborting it: queue: [12]"
	relieve
	if [ $aborts = 1 ]; then
		if wait $!; then false; fi
		grep "Connection timed out" /tmp/dd.out
	else
		wait $!
		dd if="$(disk $a 1)" of=/tmp/back bs=4k count=16 iflag=direct
		cmp /tmp/data /tmp/back
	fi
	if said "fatal error, or failed abort"; then false; fi
	write_and_compare "$(disk $a 1)" 65536 4096 65536
}

reset_after_timeout() {
	head -c 65536 /dev/urandom >/tmp/data
	stall
	dd if=/tmp/data of="$(disk $a 1)" bs=64k oflag=direct &
	wait_for said "fatal error, or failed abort: reset: 1"
	relieve
	wait $!
	said "a command timed out; aborting it: queue: [12]"
	dd if="$(disk $a 1)" of=/tmp/back bs=4k count=16 iflag=direct
	cmp /tmp/data /tmp/back
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

# Everything in flight is submitted again.
reset_by_hand() {
	reload io_timeout=$io_timeout
	head -c 524288 /dev/urandom >/tmp/data
	stall
	name=$(basename "$(disk $a 1)")
	for n in 0 1 2 3 4 5 6 7; do
		dd if=/tmp/data of="/dev/$name" bs=64k skip=$n seek=$n count=1 oflag=direct conv=notrunc &
	done
	wait_for grep "^ *0 *8\$" "/sys/block/$name/inflight"
	echo 1 >$devices/$a/reset_controller
	relieve
	wait
	[ "$(cat $devices/$a/state)" = live ]
	dd if="/dev/$name" of=/tmp/back bs=64k count=8 iflag=direct
	cmp /tmp/data /tmp/back
}

# How many reads and writes a disk completed.
ended() { awk '{ print $1 + $5 }' "/sys/block/${1##*/}/stat"; }

ended_or_gone() { ! kill -0 "$1" || [ "$(ended "$2")" -gt "$3" ]; }

# Requests come in batches, and a reset interrupts some.  fio runs until it gets a signal: it writes 2048
# blocks, reads them back, and repeats that.
resets_under_load() {
	reload io_timeout=$io_timeout
	disk=$(disk $a 1)
	fio --name=batches --filename="$disk" --ioengine=libaio --direct=1 --bs=4k --iodepth=64 \
		--iodepth_batch_submit=16 --iodepth_batch_complete_min=16 --rw=randwrite --size=8M \
		--verify=crc32c --verify_fatal=1 --do_verify=1 --loops=1000 &
	for n in 1 2 3 4 5; do
		# So that no command exceeds its retries.
		wait_for ended_or_gone $! "$disk" $(($(ended "$disk") + 128))
		kill -0 $!
		echo 1 >$devices/$a/reset_controller
	done
	# Data that was written during the last reset was read back.
	wait_for ended_or_gone $! "$disk" $(($(ended "$disk") + 4096))
	kill -INT $!
	# fio's status after a signal; after an error it is 1.
	wait $! || [ $? = 128 ]
	[ "$(cat $devices/$a/state)" = live ]
}

# Changes that the next reset finds: the list of namespaces without the second one, then a larger one.
# The disk of the other namespace is written to meanwhile.
reset_changes() { # PARAMETER...
	insmod /hf_nvme_fault_inject.ko device=$b "$@"
	dd if=/dev/zero of="$(disk $b 1)" bs=64k count=400 oflag=direct &
	echo 1 >$devices/$b/reset_controller
	wait $!
	rmmod hf_nvme_fault_inject
	[ "$(cat $devices/$b/state)" = live ]
}

bytes() { [ "$(blockdev --getsize64 "$1")" = "$2" ]; }

namespaces_change_with_a_reset() {
	dmesg -c >/dev/null
	first=$(disk $b 1) second=$(disk $b 2)
	exec 4<"$second"
	reset_changes page=3 offset=4 size=4 value=0
	wait_for gone "$second"
	dmesg | grep "hf_nvme $b: a namespace is gone, or another one: 2"
	# Who has it open gets an error, or nothing.
	[ "$(dd if=/proc/self/fd/4 bs=4k count=1 | wc -c)" = 0 ]
	exec 4<&-
	write_and_compare "$first" 4096 65536 1048576
	echo 1 >$devices/$b/reset_controller
	wait_for there "$second"
	write_and_compare "$second" 4096 65536 1048576
	# It has 16384 blocks of 4096 bytes.
	reset_changes page=8 offset=0 size=8 value=32768
	wait_for bytes "$second" 134217728
	write_and_compare "$second" 4096 65536 1048576
	echo 1 >$devices/$b/reset_controller
	wait_for bytes "$second" 67108864
	[ "$(disk $b 1)" = "$first" ]
	write_and_compare "$first" 4096 65536 1048576
}

# A command that fails with each retry: it ends with one error, and the disk works afterwards.
error_after_resets() {
	reload io_timeout=$slower
	stall
	if dd if=/dev/zero of="$(disk $a 1)" bs=64k count=1 oflag=direct; then false; fi
	relieve
	[ "$(dmesg | grep -c "fatal error, or failed abort")" = 5 ]
	[ "$(dmesg | grep -c "error, dev hfnvme.*op 0x1:(WRITE)")" = 1 ]
	[ "$(cat $devices/$a/state)" = live ]
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

interrupts() { awk "/$1q/ { n += \$2 + \$3 } END { print n }" /proc/interrupts; }

polled_io() {
	reload io_timeout=$io_timeout poll_queues=2
	name=$(basename "$(disk $a 1)")
	[ "$(cat "/sys/block/$name/queue/io_poll")" = 1 ]
	[ "$(ls "/sys/block/$name/mq" | wc -l)" = 4 ]
	[ "$(grep -c "${name%n1}q" /proc/interrupts)" = 3 ]
	before=$(interrupts "${name%n1}")
	fio --name=polled --filename="/dev/$name" --ioengine=io_uring --hipri --iodepth=16 \
		--direct=1 --bs=4k --rw=randwrite --size=4M --verify=crc32c --verify_fatal=1 \
		--do_verify=1 --numjobs=2 --offset_increment=8M
	# There were 4096 transfers.
	[ $(($(interrupts "${name%n1}") - before)) -lt 16 ]
	write_and_compare "/dev/$name" 4096 65536 1048576
	# One queue serves all requests.
	bind $c
	[ "$(cat "/sys/block/$(basename "$(disk $c 1)")/queue/io_poll")" = 0 ]
	# Polled commands are in flight when the device is removed.
	fio --name=load --filename="/dev/$name" --ioengine=io_uring --hipri --direct=1 --bs=4k \
		--rw=randrw --iodepth=16 --time_based --runtime=600 --size=32M >/tmp/load.out 2>&1 &
	wait_for busy "/dev/$name" 4096
	unbind $a
	load_ends
	bind $a
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

# The controller cannot fetch a command, which is a fatal error: the command is submitted again after a
# reset.  The driver checks ten times in io_timeout, and must find the controller repaired.
reset_after_fatal_status() {
	reload io_timeout=$((60 * slower))
	unbind $a
	bind $a
	name=$(basename "$(disk $a 1)")
	head -c 65536 /dev/urandom >/tmp/data
	printf '\002' | dd of=$devices/$a/config bs=1 seek=4 conv=notrunc
	dd if=/tmp/data of="/dev/$name" bs=64k oflag=direct &
	wait_for grep -q "[1-9]\$" "/sys/block/$name/inflight"
	printf '\006' | dd of=$devices/$a/config bs=1 seek=4 conv=notrunc
	wait $!
	dmesg | grep "hf_nvme $a: fatal error, or failed abort: reset: 1"
	dd if="/dev/$name" of=/tmp/back bs=4k count=16 iflag=direct
	cmp /tmp/data /tmp/back
	write_and_compare "/dev/$name" 4096 65536 1048576
	reload io_timeout=$io_timeout
}

# Registers read as zeroes or as all ones, as those of a removed device.
gone_under_load() {
	load "$(disk $a 1)"
	dd if=/dev/zero of=$devices/$a/config bs=1 seek=4 count=1 conv=notrunc
	load_ends
	# An error, or end of file on a disk without capacity.
	[ "$(dd if="$(disk $a 1)" bs=4k count=1 iflag=direct | wc -c)" = 0 ]
	dmesg | grep "hf_nvme $a: failed or removed: ENODEV"
	unbind $a
	bind $a
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

# Removed before the driver detects the failure.
unbound_when_gone() {
	load "$(disk $a 1)"
	dd if=/dev/zero of=$devices/$a/config bs=1 seek=4 count=1 conv=notrunc
	unbind $a
	load_ends
	bind $a
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

# Inject allocation failures into the driver's functions and those that they call, to a limited depth:
# the kernel's own code for ACPI and MSI-X does not survive all of them.
fail_allocations() {
	[ -e /proc/self/fail-nth ] || skip "the kernel does not inject faults"
	text=$(cat /sys/module/hf_nvme/sections/.text)
	# If these fail, the MSI-X code of 6.12 does not unmap, and the kernel warns.
	grep " [tT] msi_domain_" /proc/kallsyms | sort >/tmp/msi
	for what in failslab fail_page_alloc; do
		attributes=/sys/kernel/debug/$what
		echo N >$attributes/ignore-gfp-wait
		echo 0 >$attributes/verbose
		echo 8 >$attributes/stacktrace-depth
		echo "$text" >$attributes/require-start
		printf '0x%x\n' $((text + $(cat /sys/module/hf_nvme/coresize))) >$attributes/require-end
		sed -n '1s/^/0x/;1s/ .*//p' /tmp/msi >$attributes/reject-start
		sed -n '$s/^/0x/;$s/ .*//p' /tmp/msi >$attributes/reject-end
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
}

names_in_use() { grep -o "hfnvme.*" /proc/interrupts /proc/partitions; }

# Each allocation of probe() fails once: probe() cleans up, or continues without it.
probe_with_failing_allocations() {
	fail_allocations
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
	[ $refused -gt 10 ]
	bind $a
	write_and_compare "$(disk $a 1)" 4096 65536 1048576
}

# A discard allocates memory; without memory it is retried later.
discard_with_failing_allocations() {
	fail_allocations
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
	insmod /hf_nvme.ko io_timeout=$io_timeout queues=1 io_queue_depth=4
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
	# While the disk is open, rmmod fails.
	if rmmod hf_nvme; then false; fi
	unbind $a
	load_ends
	rmmod hf_nvme
	if grep -E "hf_?nvme" /proc/interrupts /proc/partitions /proc/iomem; then false; fi
}

nvme_cli_identifies() {
	nvme id-ctrl "$(node $a)" >/tmp/id
	grep -q "^sn  *: hf-a" /tmp/id
	grep -q "^mdts *: 9" /tmp/id
	nvme id-ns "$(disk $a 1)" | grep -q "^nsze *: 0x20000"
	nvme id-ns "$(node $b)" -n 2 | grep -q "lbads:12 .*in use"
	nvme list-ns "$(node $b)" | grep -q "1\]:0x2"
	nvme smart-log "$(node $a)" | grep -q "^temperature"
	nvme smart-log "$(disk $a 1)" | grep -q "^temperature"
	nvme error-log "$(node $a)" >/tmp/out
	# Number of Queues: dword 0 of the completion.
	nvme get-feature "$(node $a)" -f 7 | grep -q "Current value:0x"
}

nvme_cli_reads_and_writes() {
	for d in "$(disk $a 1)" "$(disk $b 2)"; do
		head -c 65536 /dev/urandom >/tmp/data
		blocks=$((65536 / $(cat "/sys/block/${d##*/}/queue/logical_block_size")))
		nvme write "$d" -s 16 -c $((blocks - 1)) -z 65536 -d /tmp/data
		dd if="$d" of=/tmp/back bs=65536 iflag=direct,skip_bytes count=1 skip=$((65536 / blocks * 16))
		cmp /tmp/data /tmp/back
		nvme read "$d" -s 16 -c $((blocks - 1)) -z 65536 -d /tmp/back
		cmp /tmp/data /tmp/back
		nvme compare "$d" -s 16 -c $((blocks - 1)) -z 65536 -d /tmp/data
		nvme flush "$d"
		nvme write-zeroes "$d" -s 17 -c 0
		fails nvme compare "$d" -s 16 -c $((blocks - 1)) -z 65536 -d /tmp/data
		nvme dsm "$d" --ad -s 16 -b 8
	done
	nvme flush "$(node $b)" -n 2
	# Through the page cache, so that both are seen.
	rm /tmp/back
	dd if=/tmp/data of="$(disk $a 1)" bs=4096 count=1 conv=fsync
	nvme read "$(disk $a 1)" -s 0 -c 7 -z 4096 -d /tmp/back
	head -c 4096 /tmp/data | cmp - /tmp/back
	rm /tmp/data /tmp/back
}

nvme_cli_is_told_errors() {
	# Invalid Command Opcode; LBA Out of Range
	if nvme admin-passthru "$(node $a)" -o 0xff 2>/tmp/err; then false; fi
	grep -qi "opcode" /tmp/err
	if nvme read "$(disk $a 1)" -s 0xfffffffff -c 0 -z 512 2>/tmp/err; then false; fi
	grep -qi "LBA" /tmp/err
	if nvme id-ns "$(node $a)" -n 0x7fffffff 2>/tmp/err; then false; fi
}

nvme_cli_formats() {
	d=$(disk $a 1)
	write_and_compare "$d" 65536 4096 1048576
	nvme format "$d" -l 0 --force
	wait_for has_disk $a
	write_and_compare "$(disk $a 1)" 65536 4096 1048576
}

nvme_cli_resets() {
	load "$(disk $a 1)"
	nvme reset "$(node $a)"
	nvme ns-rescan "$(node $a)"
	before=$(writes "$(disk $a 1)")
	wait_for busy "$(disk $a 1)" $((before + 32))
	killall fio
	load_ends
	write_and_compare "$(disk $a 1)" 65536 4096 1048576
}

# What another controller does to the namespaces.
namespaces_change_in_use() {
	dmesg -c >/dev/null
	bind $j
	first=$(disk $b 1) second=$(disk $b 2)
	cntlid=$(nvme id-ctrl "$(node $b)" | awk '/^cntlid/ { print $3 }')
	load "$first"
	nvme detach-ns "$(node $j)" -n 2 -c "$cntlid"
	wait_for gone "$second"
	nvme attach-ns "$(node $j)" -n 2 -c "$cntlid"
	wait_for there "$second"
	before=$(writes "$first")
	wait_for busy "$first" $((before + 32))
	killall fio
	load_ends
	write_and_compare "$second" 65536 4096 1048576
	unbind $j
	if dmesg | grep "hf_nvme.*reset"; then false; fi
}

# As far as the devices go: pm_test ends the sleep before the machine's.
sleeps() {
	echo 1 >/sys/module/suspend/parameters/pm_test_delay
	echo devices >/sys/power/pm_test
	dmesg -c >/dev/null
	load "$(disk $a 1)"
	for how in mem freeze; do
		echo $how >/sys/power/state
		before=$(writes "$(disk $a 1)")
		wait_for busy "$(disk $a 1)" $((before + 32))
	done
	killall fio
	load_ends
	echo none >/sys/power/pm_test
	dmesg | grep "suspend debug: Waiting"
	[ "$(cat $devices/$a/state)" = live ]
	[ "$(cat $devices/$b/state)" = live ]
	write_and_compare "$(disk $a 1)" 65536 4096 1048576
	write_and_compare "$(disk $d 1)" 65536 4096 1048576
}

warned() { dmesg | grep "hf_nvme $a: health: critical warning.*: 2"; }

warnings_are_logged() {
	dmesg -c >/dev/null
	# The temperature is above the threshold now: in kelvins.
	nvme set-feature "$(node $a)" -f 4 -v 0x0100
	wait_for warned
	nvme set-feature "$(node $a)" -f 4 -v 0x0157
}

ioctls_are_checked() {
	/ioctl_user edges "$(node $a)" "$(disk $a 1)"
}

ioctls_when_unbound() {
	mkfifo /tmp/bound
	/ioctl_user unbound "$(node $a)" "$(disk $a 1)" </tmp/bound >/tmp/opened &
	user=$!
	exec 5>/tmp/bound
	wait_for grep -q open /tmp/opened
	unbind $a
	exec 5>&-
	wait $user
	bind $a
}

# --- all --------------------------------------------------------------------------------------

rebinds=${rebinds:-50}
mkdir -p /mnt
must insmod /holdfast.ko
must insmod /hf_nvme.ko io_timeout=$io_timeout
for m in $(cat /ext4.order); do must insmod "/$m"; done
# shellcheck disable=SC2086
run_tests nvme ${tests:-parameters_out_of_range_are_refused modinfo_is_complete \
	workqueue_has_a_thread_in_reserve other_devices_are_refused unusable_controllers_are_refused \
	one_of_many_namespaces_is_refused \
	short_bars lying_registers lying_identify transfer_limits bind_by_driver_override \
	stock_driver_keeps_its_device bind_by_new_id \
	interrupts_on_all_queues one_interrupt_for_all interrupt_by_a_line limits attributes data_512 data_4096 \
	unaligned_memory namespaces_are_apart the_end_of_the_disk discard discard_of_gigabytes write_zeroes \
	file_system fio_verify \
	fio_verify_all_at_once fio_trim_and_flush read_error rebind_under_load removed_under_load \
	unplugged_under_load reset_after_fatal_status gone_under_load unbound_when_gone \
	nvme_cli_identifies nvme_cli_reads_and_writes nvme_cli_is_told_errors nvme_cli_formats nvme_cli_resets \
	namespaces_change_in_use warnings_are_logged sleeps ioctls_are_checked ioctls_when_unbound \
	command_ends_after_the_abort reset_after_timeout reset_by_hand namespaces_change_with_a_reset \
	error_after_resets polled_io \
	probe_with_failing_allocations discard_with_failing_allocations one_small_queue \
	unload_under_load}
must rmmod holdfast

# System shutdown with I/O in flight: the host compares the content of a's disk, and counts the
# controllers that were shut down.
power_off() {
	insmod /holdfast.ko
	insmod /hf_nvme.ko
	bind $a || return
	bind $b || return
	load "$(disk $b 1)"
	host trace-event pci_nvme_mmio_shutdown_set on
	head -c 4194304 /dev/urandom >/tmp/data
	dd if=/tmp/data of="$(disk $a 1)" bs=64k
	say "written: $(sha256sum </tmp/data)"
	say "bound: $(find $driver -name "0000:*" | wc -l)"
}
must power_off
