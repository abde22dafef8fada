# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""The tests of hf_binder.ko in a guest; tools/guest finds them here."""

import pathlib
import tempfile

from archive import command
from boot import boot, guest_case, programs, test_cases
from kernels import build
from testlib import TOP, Count

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 400        # seconds


def binder(kernel, checks):
    modules, _ = build(kernel, checks, "examples/binder/kernel")
    with tempfile.TemporaryDirectory(prefix="binder-", dir=kernel.tree) as folder:
        user = f"{folder}/binder_user"
        command(["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-pthread", "-o", user, HERE / "user.c",
                 *sorted(HERE.parent.glob("exchange*.c"))])
        files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_binder")}
        files |= kernel.modules("binder_linux", folders=("drivers/android",))
        libraries = programs(user)
        libraries["binder_user"] = libraries.pop(user.lstrip("/"))
        run = boot(kernel, (HERE / "run.sh").read_text(), files | libraries, limit=LIMIT)
    count = test_cases(run)
    count += guest_case(f"hf_binder.ko ran clean, {checks}", run)
    return count


def group_binder(kernel):
    """hf_binder.ko and the kernel's own driver in the same exchanges between processes"""
    count = Count()
    for checks in ("release", "debug"):
        count += binder(kernel, checks)
    return count


GROUPS = {"binder": group_binder}
