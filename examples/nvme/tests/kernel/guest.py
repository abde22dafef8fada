# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""The tests of hf_nvme.ko in a guest; tools/guest finds them here."""

import hashlib
import pathlib
import re
import tempfile

from archive import Failure, command
from boot import boot, case, guest_case, programs, test_cases
from kernels import build
from testlib import Count

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 400        # seconds: everything is emulated
# What is put before run.sh, and how many boots it may take.  A reset under load may end QEMU 7.2, which
# frees a queue whose requests are not all done: these tests have a guest of their own.
GUESTS = [("", 2, "", []),
          ("tests='resets_under_load device_resets_under_load unload_under_load'\n", 5, "", [])]
DISKS = ("a", "b1", "b2", "c", "d", "f", "g", "h", "k")

BIG = "logical_block_size={0},physical_block_size={0}"
# The variants of the group devices: what the controller has, its namespaces, and what else must be true of it.
# A namespace is what QEMU is told, and the size of its blocks, or None if the driver cannot use it.
ORDINARY = ("", 512)
VARIANTS = {
    "transfers_of_8_kib": ("mdts=1", [ORDINARY], "limit max_hw_sectors_kb 8"),
    "transfers_of_64_kib": ("mdts=4", [ORDINARY], "limit max_hw_sectors_kb 64"),
    "transfers_of_2_mib": ("mdts=9", [ORDINARY], "limit max_hw_sectors_kb 128"),
    "blocks_of_4096": ("", [(BIG.format(4096), 4096)], "limit logical_block_size 4096"),
    "physical_blocks_of_4096": ("", [("physical_block_size=4096", 512)], ""),
    "blocks_of_both_sizes": ("", [ORDINARY, (BIG.format(4096), 4096), (BIG.format(8192), None)], ""),
    "metadata_without_protection": ("", [("ms=8", None), ORDINARY], "said 'blocks have metadata.*: 1'"),
    # Of blocks of 512 bytes with reference tags QEMU 7.2 cannot read some that were never written.
    "protection_of_type_1": ("", [("ms=8,pi=1," + BIG.format(4096), 4096)], ""),
    "protection_of_type_2": ("", [("ms=8,pi=2," + BIG.format(4096), 4096)], ""),
    "protection_of_type_3": ("", [("ms=8,pi=3", 512)], ""),
    "protection_within_the_blocks": ("", [("ms=8,mset=1,pi=1,pil=1," + BIG.format(4096), 4096)], ""),
    "zoned_beside_ordinary": ("", [("zoned=on,zoned.zone_size=1M", None), ORDINARY],
                              "said 'a zoned namespace'"),
    "discards_of_64_kib": ("", [("discard_granularity=65536", 512)], ""),
    "shared_namespace": ("subsys=both", [("shared=on", 512)], "shares_with 0000:00:1e.0"),
    "controller_memory_buffer": ("cmb_size_mb=16", [ORDINARY], ""),
    "one_queue": ("max_ioqpairs=1", [ORDINARY], "queues 1"),
    "one_interrupt": ("msix_qsize=1", [ORDINARY], "interrupts 1"),
    "fewer_interrupts_than_queues": ("msix_qsize=2", [ORDINARY], "interrupts 2"),
    "interrupts_in_another_bar": ("msix-exclusive-bar=on", [ORDINARY], "queues 2"),
    "intels_identifier": ("use-intel-id=on", [ORDINARY], "grep 0x8086 $devices/$device/vendor"),
    "verifies_of_few_blocks": ("vsl=1", [ORDINARY], ""),
    "doorbells_by_eventfd": ("ioeventfd=on", [ORDINARY], ""),
    "one_event_at_a_time": ("aerl=0,aer_max_queued=1", [ORDINARY], ""),
    "warnings_from_the_start": ("smart_critical_warning=2", [ORDINARY], ""),
}
PER_GUEST = 4      # variants

# Those of the machine: what QEMU and the kernel are told.
MACHINES = {
    "bounce_buffers": ([], "swiotlb=force"),
    "intels_iommu": (["-device", "intel-iommu"], "intel_iommu=on"),
    "amds_iommu": (["-device", "amd-iommu"], "amd_iommu=on"),
    "memory_above_4_gib": (["-m", "6144"], ""),
}


def hardware(kernel, place):
    """QEMU's options for the controllers of run.sh, with their disks in this folder."""
    (place / "qemu.log").touch()
    args = ["-m", "1024", "-D", place / "qemu.log"]
    # Devices are plugged and unplugged as PCI Express does it, not by ACPI.  But for lockdep: it finds
    # two locks of the kernel's pciehp in both orders.
    if not kernel.has("PROVE_LOCKING"):
        args += ["-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off"]
    for name in DISKS:
        image = place / f"{name}.img"
        with open(image, "wb") as f:
            f.truncate(5 << 30 if name == "k" else 64 << 20)
        file = f"file.driver=file,file.filename={image},file.discard=unmap"
        if name == "d":
            file = (f"file.driver=blkdebug,file.image.driver=file,file.image.filename={image},"
                    "file.inject-error.0.event=read_aio,file.inject-error.0.iotype=read,"
                    "file.inject-error.0.sector=2048")
        args += ["-blockdev", f"node-name={name},driver=raw,cache.no-flush=on,discard=unmap,{file}"]
    # QEMU 10 takes an mdts of 1 to 9; others are tested with hf_nvme_fault_inject.ko.
    args += ["-device", "nvme,id=a,serial=hf-a,drive=a,addr=0x10,mdts=9",
             "-device", "nvme-subsys,id=both",
             "-device", "nvme,id=b,serial=hf-b,addr=0x11,subsys=both",
             "-device", "nvme,id=j,serial=hf-b,addr=0x1a,subsys=both",
             "-device", "nvme-ns,id=b1,bus=b,nsid=1,drive=b1",
             "-device", "nvme-ns,id=b2,bus=b,nsid=2,drive=b2," + BIG.format(4096),
             "-device", "nvme,serial=hf-c,drive=c,addr=0x12,mdts=1,max_ioqpairs=1",
             "-device", "nvme,serial=hf-d,drive=d,addr=0x13,msix_qsize=1",
             "-device", "nvme,serial=hf-e,addr=0x14",
             "-device", "nvme,id=f,serial=hf-f,addr=0x15",
             "-device", "nvme-ns,bus=f,drive=f,ms=8",
             "-device", "nvme,serial=hf-g,drive=g,addr=0x16," + BIG.format(8192),
             "-device", "pcie-root-port,id=socket,chassis=1,slot=1,addr=0x18",
             "-device", "nvme,id=h,serial=hf-h,drive=h,bus=socket",
             "-device", "nvme,serial=hf-k,drive=k,addr=0x19",
             "-device", "nvme,id=i,serial=hf-i,addr=0x17"]
    # 18 namespaces, three of which the driver cannot use.
    for nsid in range(1, 19):
        args += ["-blockdev", f"node-name=i{nsid},driver=null-co,size={64 << 20},read-zeroes=on",
                 "-device", f"nvme-ns,bus=i,nsid={nsid},drive=i{nsid}" +
                 {2: ",zoned=on,zoned.zone_size=1M", 3: ",ms=8", 4: "," + BIG.format(8192)}.get(nsid, "")]
    return args


def variants(place, table):
    """(QEMU's options for the controllers of devices.sh, with their disks in this folder; the tests)"""
    args, script = ["-m", "1024", "-device", "nvme-subsys,id=both"], ""
    for n, (name, (controller, namespaces, also)) in enumerate(table.items()):
        address = 3 + n
        said = []
        args += ["-device", ",".join(filter(None, (f"nvme,id=v{n},serial=hf,addr={address:#x}", controller)))]
        for nsid, (how, size) in enumerate(namespaces, 1):
            image = place / f"{n}-{nsid}.img"
            with open(image, "wb") as f:
                f.truncate(64 << 20)
            node = f"v{n}-{nsid}"
            args += ["-blockdev", f"node-name={node},driver=raw,cache.no-flush=on,discard=unmap,"
                     f"file.driver=file,file.filename={image},file.discard=unmap",
                     "-device", ",".join(filter(None, (f"nvme-ns,bus=v{n},nsid={nsid},drive={node}", how)))]
            said.append(f"{nsid}={size or 'none'}")
        script += (f"{name}() {{\n\tvariant 0000:00:{address:02x}.0 {' '.join(said)}\n"
                   f"\t{also or ':'}\n\tunbind $device\n}}\n")
    if any("subsys=both" in controller for controller, _, _ in table.values()):
        args += ["-device", "nvme,id=other,serial=hf,addr=0x1e,subsys=both"]
    return args, f"{script}variants='{' '.join(table)}'\n"


def aborts():
    """Whether QEMU's controllers abort commands: since 9.1."""
    version = command(["qemu-system-x86_64", "--version"])
    return [int(n) for n in re.search(r"version (\d+)\.(\d+)", version).groups()] >= [9, 1]


def power_off_problems(run, place):
    """What the guest's last act should have left behind, and did not."""
    problems = []
    log = "\n".join(run.lines)
    data = (place / "a.img").read_bytes()[:4 << 20]
    if f"written: {hashlib.sha256(data).hexdigest()}" not in log:
        problems.append("the disk does not hold what was written")
    shut = (place / "qemu.log").read_text().count("pci_nvme_mmio_shutdown_set")
    bound = re.search(r"holdfast guest: bound: (\d+)$", log, re.M)
    if not shut or not bound or shut != int(bound[1]):
        problems.append(f"{shut} controllers were shut down, of {bound and bound[1]}")
    if "did not shut down normally" in log[log.rfind("written: "):]:
        problems.append("the normal shutdown of a controller failed")
    return problems


def stock(kernel, place, order, *names):
    """Modules of the kernel's own, and a file that says in which order they are loaded."""
    modules = kernel.modules(*names, folders=("drivers/nvme",))
    (place / order).write_text("\n".join(modules) + "\n")
    return modules | {order: place / order}


def guest(kernel, checks, files, before, tries, parameters, qemu):
    with tempfile.TemporaryDirectory(prefix="nvme-", dir=kernel.tree) as folder:
        place = pathlib.Path(folder)
        files = files | stock(kernel, place, "ext4.order", "crc32c_generic", "ext4")
        files = files | stock(kernel, place, "nvme.order", "nvme")
        script = (HERE / "helpers.sh").read_text() + (HERE / "run.sh").read_text()
        run = boot(kernel, f"aborts={aborts():d}\n{before}{script}", files, limit=LIMIT, tries=tries,
                   qemu=[*qemu, *hardware(kernel, place)], parameters=parameters)
        power_off = power_off_problems(run, place)
    count = test_cases(run)
    count += guest_case(f"hf_nvme.ko ran clean, {checks} {parameters}", run)
    count += case(f"power-off shuts the controllers down, with all data, {checks}", power_off)
    return count


def ingredients(kernel, checks):
    """{path in the guest: file}: the modules, and the programs that the tests use."""
    modules, _ = build(kernel, checks, "examples/nvme/kernel", "examples/nvme/tests/kernel")
    missing = [p for p in ("/usr/bin/fio", "/usr/sbin/mkfs.ext4", "/usr/sbin/nvme") if not pathlib.Path(p).exists()]
    if missing:
        raise Failure(f"{', '.join(missing)}: not there; tools/setup kernel installs what is needed")
    files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_nvme", "hf_nvme_fault_inject")}
    files |= programs("/usr/bin/fio", "/usr/sbin/mkfs.ext4", "/usr/sbin/fsck.ext4",
                      "/usr/sbin/blkdiscard", "/usr/sbin/nvme")
    files["ioctl_user"] = modules["hf_nvme"].with_name("ioctl_user")
    command(["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-static", "-pthread", "-o", files["ioctl_user"],
             HERE / "ioctl_user.c"])
    return files


def nvme(kernel, checks):
    files = ingredients(kernel, checks)
    count = Count()
    for how in GUESTS:
        count += guest(kernel, checks, files, *how)
    return count


def group_nvme(kernel):
    """hf_nvme.ko on QEMU's NVMe controllers: data, file systems, unbinding, removal"""
    count = Count()
    # The other levels of checks as well, where nobody waits.
    for checks in ("release", "debug", "off") if kernel.slower > 1 else ("release",):
        count += nvme(kernel, checks)
    return count


def devices(kernel, files, table, name, qemu=(), parameters=""):
    with tempfile.TemporaryDirectory(prefix="devices-", dir=kernel.tree) as folder:
        place = pathlib.Path(folder)
        files = files | stock(kernel, place, "ext4.order", "crc32c_generic", "ext4")
        args, script = variants(place, table)
        script = (HERE / "helpers.sh").read_text() + script + (HERE / "devices.sh").read_text()
        run = boot(kernel, script, files, limit=LIMIT, tries=2, qemu=[*args, *qemu], parameters=parameters)
    count = test_cases(run)
    count += guest_case(f"hf_nvme.ko ran clean on {name}: {', '.join(table)}", run)
    return count


def group_devices(kernel):
    """hf_nvme.ko on variants of QEMU's NVMe controllers and machines"""
    files = ingredients(kernel, "release")
    count = Count()
    names = list(VARIANTS)
    for n in range(0, len(names), PER_GUEST):
        table = {name: VARIANTS[name] for name in names[n:n + PER_GUEST]}
        count += devices(kernel, files, table, "the usual machine")
    for name, (qemu, parameters) in MACHINES.items():
        count += devices(kernel, files, {name: VARIANTS["blocks_of_both_sizes"]}, name, qemu, parameters)
    return count


GROUPS = {"nvme": group_nvme, "devices": group_devices}
