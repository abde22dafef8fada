# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# hf_nvme.ko on variants of QEMU's controllers; guest.py has their table, and a test of each: "variant ADDRESS" and the
# namespaces, "NSID=BLOCK-SIZE" or "NSID=none" for one without a disk.  A namespace is used as users use it.

use() { # DISK
	write_and_compare "$1" 1048576 12288 1572864
	# From and to memory that starts within a page.
	fio --name=verify --filename="$1" --ioengine=libaio --direct=1 --bsrange=4k-256k --iodepth=16 --iomem_align=516 \
		--rw=randwrite --size=2M --verify=crc32c --verify_fatal=1 --do_verify=1
	if [ "$(cat "/sys/block/${1##*/}/queue/discard_max_bytes")" != 0 ]; then
		zeroed_in_the_middle "$1" /usr/sbin/blkdiscard
	fi
	zeroed_in_the_middle "$1" /usr/sbin/blkdiscard -z
	use_as_file_system "$1" 300001
}

variant() { # ADDRESS NAMESPACE...
	device=$1
	shift
	bind "$device"
	for namespace; do
		nsid=${namespace%=*} size=${namespace#*=}
		if [ "$size" = none ]; then
			[ -z "$(find "$devices/$device/block" -name "hfnvme*n$nsid")" ]
			continue
		fi
		used=$(disk "$device" "$nsid")
		[ "$(blockdev --getss "$used")" = "$size" ]
		use "$used"
	done
	# Requests are in flight when the driver lets the device go.
	load "$used"
	unbind "$device"
	load_ends
	bind "$device"
}

# A limit of the first disk, as the block layer has it.
limit() { # NAME VALUE
	[ "$(cat "/sys/block/$(basename "$(disk "$device" 1)")/queue/$1")" = "$2" ]
}

# How many queues it has.
queues() { [ "$(ls "/sys/block/$(basename "$(disk "$device" 1)")/mq" | wc -l)" = "$1" ]; }
interrupts() {
	name=$(basename "$(disk "$device" 1)" n1)
	[ "$(grep -c "${name}q" /proc/interrupts)" = "$1" ]
}

# What one controller of a subsystem wrote, another reads.
shares_with() { # ADDRESS
	bind "$1"
	head -c 65536 /dev/urandom >/tmp/data
	dd if=/tmp/data of="$(disk "$device" 1)" bs=64k oflag=direct
	dd if="$(disk "$1" 1)" of=/tmp/back bs=64k count=1 iflag=direct
	cmp /tmp/data /tmp/back
	rm /tmp/data /tmp/back
}

said() { dmesg | grep "hf_nvme $device: $1"; }

clean_up() { killall -q -KILL fio dd; } 2>/dev/null

# --- all --------------------------------------------------------------------------------------

mkdir -p /mnt
must insmod /holdfast.ko
must insmod /hf_nvme.ko io_timeout=$io_timeout
for m in $(cat /ext4.order); do must insmod "/$m"; done
# shellcheck disable=SC2086
run_tests devices $variants
must rmmod hf_nvme
must rmmod holdfast
