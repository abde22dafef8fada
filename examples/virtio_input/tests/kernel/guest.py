# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""The tests of hf_virtio_input.ko, the kernel's driver with the patches, in a guest; tools/guest finds them here."""

import pathlib
import re
import shutil
import tempfile

from archive import command
from boot import boot, case, guest_case, programs, test_cases
from kernels import build, make, source_file, stage
from testlib import Count

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1]
PATCHES = sorted((EXAMPLE / "patches").glob("????-*.patch"))
SOURCE = "drivers/virtio/virtio_input.c"
VERSIONS = ("6.1", "6.12")      # whose driver the patches are for
LIMIT = 400        # seconds: everything is emulated
SERIAL = "0123456789" * 7       # longer than the driver's 64 bytes
HARDWARE = ["-device", f"virtio-keyboard-pci,id=keyboard,serial={SERIAL},addr=0x10",
            "-device", "virtio-tablet-pci,id=tablet,serial=short,addr=0x11"]


def version_of(kernel):
    return re.match(r"\d+\.\d+", kernel.release)[0]


def patched(kernel, checks, version, number):
    """The folder with this version's driver and the patches up to this number."""
    place = stage(kernel, checks) / "examples/virtio_input/port"
    command([EXAMPLE / "apply", source_file(version, SOURCE), place, number])
    return place


def driver(kernel, checks, number, *, sparse=False):
    """Build the driver with the patches up to this number.  Returns (its .ko or None, [message])."""
    place = patched(kernel, checks, version_of(kernel), number)
    status, said = make(kernel, checks, place, "modules", sparse=sparse)
    return (None if status else place / "hf_virtio_input.ko"), said


def virtio_input(kernel, checks):
    modules, said = build(kernel, checks, "examples/virtio_input/tests/kernel", sparse=True)
    count = case(f"the module that injects faults builds silently, {checks}", said)
    for patch in PATCHES:
        # Upstream's own code may draw a warning.
        number = int(patch.name.split("-")[0])
        ported, said = driver(kernel, checks, number, sparse=number > 0)
        count += case(f"builds silently with the patches up to {patch.name[:-6]}, {checks}",
                      said if number or not ported else [])
    if not ported:
        return count
    with tempfile.TemporaryDirectory(prefix="virtio-input-", dir=kernel.tree) as folder:
        user = f"{folder}/input_user"
        command(["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-o", user, HERE / "user.c"])
        libraries = programs(user)
        libraries["input_user"] = libraries.pop(user.lstrip("/"))
        # "Stock" is what the kernel has: it shows that the tests see its faults.
        stock = kernel.modules("virtio_pci", "evdev", "virtio_input", folders=("drivers/virtio", "drivers/input"))
        order = pathlib.Path(folder, "stock.order")
        order.write_text("\n".join(stock) + "\n")
        files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_virtio_input_fault_inject")}
        kept = shutil.copy(ported, folder)
        run = boot(kernel, (HERE / "run.sh").read_text(),
                   files | stock | libraries | {"hf_virtio_input.ko": kept, "stock.order": order},
                   limit=LIMIT, qemu=HARDWARE)
    count += test_cases(run)
    count += guest_case(f"hf_virtio_input.ko ran clean, {checks}", run)
    return count


def analysed(kernel):
    """The kernel's own analysis, which has the driver of 6.12 with the locks' patch and all: it compiles there as well."""
    count = Count()
    for number in (4, 5):
        place = patched(kernel, "release", VERSIONS[-1], number)
        status, said = make(kernel, "release", place, "virtio_input.o")
        count += case(f"the kernel's analysis finds nothing with the patches up to {number}",
                      said or ["it does not compile"] * bool(status))
        source = place / "virtio_input.c"
        text = source.read_text()
        unlocked = re.sub(r"(virtinput_set_ready\(.*\)\n{\n)\thf_lock\(.*\n", r"\1", text)
        source.write_text(unlocked)
        _, said = make(kernel, "release", place, "virtio_input.o")
        wanted = "writing variable 'ready' requires holding lock 'vi->lock' exclusively"
        count += case(f"it refuses one without a lock, with the patches up to {number}",
                      [] if text != unlocked and wanted in "\n".join(said) else said or ["accepted"])
    return count


def group_virtio_input(kernel):
    """hf_virtio_input.ko, ported by patches, on QEMU's keyboard and tablet: keys, LEDs, unbinding, removal"""
    if any(flag.startswith("LLVM") for flag in kernel.flags):
        return analysed(kernel)
    if version_of(kernel) not in VERSIONS or "\nCONFIG_VIRTIO_INPUT=m\n" not in (kernel.headers / ".config").read_text():
        print(f"skipped: the patches are for the stock {' and '.join(VERSIONS)}")
        return Count(skipped=1)
    count = Count()
    for checks in ("release", "debug"):
        count += virtio_input(kernel, checks)
    return count


GROUPS = {"virtio_input": group_virtio_input}
