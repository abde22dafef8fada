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
# In the last two guests DMA is to bounce buffers, as in confidential machines, and through an IOMMU.
MAPPED = "tests='bind_by_driver_override unaligned_memory data_512 data_4096 discard unload_under_load'\n"
GUESTS = [("", 2, "", []),
          ("tests='resets_under_load unload_under_load'\n", 5, "", []),
          (MAPPED, 2, "swiotlb=force", []),
          (MAPPED, 2, "intel_iommu=on", ["-device", "intel-iommu"])]
DISKS = ("a", "b1", "b2", "c", "d", "f", "g", "h", "k")


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
    big = "logical_block_size={0},physical_block_size={0}"
    # QEMU 10 takes an mdts of 1 to 9; others are tested with hf_nvme_fault_inject.ko.
    args += ["-device", "nvme,id=a,serial=hf-a,drive=a,addr=0x10,mdts=9",
             "-device", "nvme-subsys,id=both",
             "-device", "nvme,id=b,serial=hf-b,addr=0x11,subsys=both",
             "-device", "nvme,id=j,serial=hf-b,addr=0x1a,subsys=both",
             "-device", "nvme-ns,id=b1,bus=b,nsid=1,drive=b1",
             "-device", "nvme-ns,id=b2,bus=b,nsid=2,drive=b2," + big.format(4096),
             "-device", "nvme,serial=hf-c,drive=c,addr=0x12,mdts=1,max_ioqpairs=1",
             "-device", "nvme,serial=hf-d,drive=d,addr=0x13,msix_qsize=1",
             "-device", "nvme,serial=hf-e,addr=0x14",
             "-device", "nvme,id=f,serial=hf-f,addr=0x15",
             "-device", "nvme-ns,bus=f,drive=f,ms=8",
             "-device", "nvme,serial=hf-g,drive=g,addr=0x16," + big.format(8192),
             "-device", "pcie-root-port,id=socket,chassis=1,slot=1,addr=0x18",
             "-device", "nvme,id=h,serial=hf-h,drive=h,bus=socket",
             "-device", "nvme,serial=hf-k,drive=k,addr=0x19",
             "-device", "nvme,id=i,serial=hf-i,addr=0x17"]
    # 18 namespaces, three of which the driver cannot use.
    for nsid in range(1, 19):
        args += ["-blockdev", f"node-name=i{nsid},driver=null-co,size={64 << 20},read-zeroes=on",
                 "-device", f"nvme-ns,bus=i,nsid={nsid},drive=i{nsid}" +
                 {2: ",zoned=on,zoned.zone_size=1M", 3: ",ms=8", 4: "," + big.format(8192)}.get(nsid, "")]
    return args


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


def guest(kernel, checks, files, before, tries, parameters, qemu):
    with tempfile.TemporaryDirectory(prefix="nvme-", dir=kernel.tree) as folder:
        place = pathlib.Path(folder)
        for order, names in ("ext4.order", ("crc32c_generic", "ext4")), ("nvme.order", ("nvme",)):
            stock = kernel.modules(*names, folders=("drivers/nvme",))
            (place / order).write_text("\n".join(stock) + "\n")
            files = files | stock | {order: place / order}
        script = (HERE / "run.sh").read_text()
        run = boot(kernel, f"aborts={aborts():d}\n{before}{script}", files, limit=LIMIT, tries=tries,
                   qemu=[*qemu, *hardware(kernel, place)], parameters=parameters)
        power_off = power_off_problems(run, place)
    count = test_cases(run)
    count += guest_case(f"hf_nvme.ko ran clean, {checks} {parameters}", run)
    count += case(f"power-off shuts the controllers down, with all data, {checks}", power_off)
    return count


def nvme(kernel, checks):
    modules, _ = build(kernel, checks, "examples/nvme/kernel", "examples/nvme/tests/kernel")
    count = Count()
    missing = [p for p in ("/usr/bin/fio", "/usr/sbin/mkfs.ext4", "/usr/sbin/nvme") if not pathlib.Path(p).exists()]
    if missing:
        raise Failure(f"{', '.join(missing)}: not there; tools/setup kernel installs what is needed")
    files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_nvme", "hf_nvme_fault_inject")}
    files |= programs("/usr/bin/fio", "/usr/sbin/mkfs.ext4", "/usr/sbin/fsck.ext4",
                      "/usr/sbin/blkdiscard", "/usr/sbin/nvme")
    files["ioctl_user"] = modules["hf_nvme"].with_name("ioctl_user")
    command(["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-static", "-o", files["ioctl_user"], HERE / "ioctl_user.c"])
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


GROUPS = {"nvme": group_nvme}
