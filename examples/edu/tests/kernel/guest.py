# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""The tests of hf_edu.ko in a guest; tools/guest finds them here."""

import pathlib
import tempfile

from archive import command
from boot import boot, guest_case, programs, test_cases
from kernels import build
from testlib import TOP, Count

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 150        # seconds; a transfer takes QEMU's device 100 ms
# Devices are plugged and unplugged as PCI Express does it, not by ACPI.
HOTPLUG = ["-device", "pcie-root-port,id=socket,chassis=1,slot=1,addr=0x18", "-device", "edu,id=c,bus=socket"]


def hardware(kernel):
    args = ["-device", "edu,id=a,addr=0x10", "-device", "edu,id=b,addr=0x11", *HOTPLUG]
    # But for lockdep: it finds two locks of the kernel's pciehp in both orders.
    if not kernel.has("PROVE_LOCKING"):
        args += ["-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off"]
    # The device sees 256 MiB.  A kernel without a zone for such devices accepts it if there is no more memory.
    if not kernel.has("ZONE_DMA"):
        args += ["-m", "256"]
    return args


def edu(kernel, checks):
    modules, _ = build(kernel, checks, "examples/edu/kernel")
    with tempfile.TemporaryDirectory(prefix="edu-", dir=kernel.tree) as folder:
        user = f"{folder}/edu_user"
        # It has the types of the ABI only, and no library, which would say that its checks are these.
        command(["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", f"-I{TOP / 'include'}",
                 "-Wl,--defsym=hf_checks_are_release_=0", "-o", user, HERE / "user.c"])
        files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_edu")}
        libraries = programs(user)
        libraries["edu_user"] = libraries.pop(user.lstrip("/"))
        run = boot(kernel, (HERE / "run.sh").read_text(), files | libraries, limit=LIMIT, qemu=hardware(kernel))
    count = test_cases(run)
    count += guest_case(f"hf_edu.ko ran clean, {checks}", run)
    return count


def group_edu(kernel):
    """hf_edu.ko on QEMU's educational device: factorials, transfers, unbinding, removal"""
    count = Count()
    for checks in ("release", "debug"):
        count += edu(kernel, checks)
    return count


GROUPS = {"edu": group_edu}
