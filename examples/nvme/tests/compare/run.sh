# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# One block driver against another, on two controllers that are alike; tools/guest lets the guest's
# init read this, which sets $pairs, $workloads and what they are before.

devices=/sys/bus/pci/devices

give() { # CONTROLLER DRIVER
	[ ! -e "$devices/$1/driver" ] || echo "$1" >"$devices/$1/driver/unbind"
	echo "$2" >"$devices/$1/driver_override"
	echo "$1" >/sys/bus/pci/drivers_probe
	i=0
	# The stock driver makes its disks in the background.
	until disk=$(ls "$devices/$1"/nvme/*/ "$devices/$1/block" 2>/dev/null | grep -E '^(hf)?nvme[0-9]+n1$'); do
		[ $i -lt 200 ] || return 1
		usleep 50000
		i=$((i + 1))
	done
	# As where there are several queues.
	echo none >"/sys/block/$disk/queue/scheduler"
	eval "disk_$2=/dev/$disk"
}

measure() { # WORKLOAD DRIVER
	eval "disk=\$disk_$2 args=\$workload_$1 from=\$from_$1 to=\$to_$1"
	insmod /holdfast_compare.ko disk="$disk" from="$from" to="$to" || return 1
	# shellcheck disable=SC2086
	fio --name=compare --filename="$disk" --ioengine=libaio --direct=1 --iodepth=32 --size=256M \
		--io_size=100G --norandommap --randseed=1 --output-format=terse $args >/tmp/fio.out ||
		return 1
	rmmod holdfast_compare || return 1
	# In the log, after what the module said.
	echo "compare: driver=$2 iops=$(awk -F';' '{ print $8 + $49 }' /tmp/fio.out)" >/dev/kmsg
}

# The same memory for both: huge pages where fio asks for them, and else single pages, of which no two
# are neighbours.  Those that come first are left over between the pages of a file that is kept.
echo never >/sys/kernel/mm/transparent_hugepage/enabled
echo 8 >/proc/sys/vm/nr_hugepages
mkdir -p /mnt
mount -t tmpfs none /mnt
must fio --name=scatter --directory=/mnt --nrfiles=2 --file_service_type=roundrobin:1 --rw=write \
	--bs=4k --size=64M --fallocate=none >/tmp/fio.out
must rm /mnt/scatter.0.0
for m in $(cat /nvme.order); do must insmod "/$m"; done
must insmod /holdfast.ko
# A command that QEMU loses is given up soon.
echo 2 >/sys/module/nvme_core/parameters/io_timeout
must insmod /hf_nvme.ko io_timeout=2
for roles in "nvme hf_nvme" "hf_nvme nvme"; do
	# shellcheck disable=SC2086
	set -- $roles
	must give 0000:00:10.0 "$1"
	must give 0000:00:11.0 "$2"
	for workload in $workloads; do
		turn=0
		while [ $turn -le "$pairs" ]; do
			echo "compare: turn=$workload" >/dev/kmsg
			must measure "$workload" nvme
			must measure "$workload" hf_nvme
			turn=$((turn + 1))
		done
	done
done
