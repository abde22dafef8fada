# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# What the scripts of hf_nvme.ko's guests share; it is put before them.

devices=/sys/bus/pci/devices
driver=/sys/bus/pci/drivers/hf_nvme
# The time limit of a command in seconds; "slower" is the factor of the guest's kernel.
patience=$((60 * slower))
io_timeout=$((5 * slower))

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

# Make a file system, fill it, check it, read it back.
use_as_file_system() { # DISK BYTES-OF-A-FILE
	mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$1"
	mount -t ext4 "$1" /mnt
	mkdir /mnt/tree
	cp -r /bin /init /script /mnt/tree
	for i in 1 2 3 4; do head -c "$2" /dev/urandom >/mnt/tree/$i; done
	(cd /mnt/tree && find . -type f | sort | xargs sha256sum) >/tmp/sums
	cp -r /mnt/tree /mnt/copy
	rm -r /mnt/tree
	fstrim /mnt
	umount /mnt
	fsck.ext4 -f -n "$1"
	echo 3 >/proc/sys/vm/drop_caches
	mount -t ext4 -o ro "$1" /mnt
	(cd /mnt/copy && sha256sum -c /tmp/sums) >/tmp/sums.out
	umount /mnt
}
