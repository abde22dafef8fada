# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Kernels with sanitizers, which are built from Debian's source once and kept in the cache.

Their configuration is the kernel's tinyconfig with tests/kernel/guest.config and tests/kernel/NAME.config.
"""

import hashlib
import os
import re
import shutil

from archive import CACHE, Failure, command, locked
from kernels import Kernel, source
from testlib import BUILD, TOP, Steps

VERSION = "6.12"
SANITIZED = ("debug", "kcsan")


class Sanitized(Kernel):
    """A kernel that is built here.  Its guests are slower than a stock kernel's by this factor."""

    slower = 4

    def __init__(self, name):
        config = "".join((TOP / f"tests/kernel/{part}.config").read_text() for part in ("guest", name))
        tree = source(VERSION)
        made_of = config + command(["gcc", "-dumpfullversion"])
        place = CACHE / "kernel" / "-".join([
            "linux", command(["make", "-s", "-C", tree, "kernelversion"]).strip(), name,
            hashlib.sha256(made_of.encode()).hexdigest()[:8]])
        with locked(place.with_name(f"{place.name}.lock")):
            if not place.exists():
                self._build(name, tree, config, place)
        self.headers = place
        self.release = (place / "include/config/kernel.release").read_text().strip()
        self.tree = BUILD / "kernel" / self.release

    def image(self):
        return self.headers / "vmlinux"

    def modules_there(self, _folders):
        return self.headers.rglob("*.ko")

    @staticmethod
    def _build(name, tree, config, place):
        part = place.with_name(f"{place.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        make = ["make", "-C", tree, f"O={part}"]
        command([*make, "tinyconfig"])
        with open(part / ".config", "a") as f:
            f.write(config)
        command([*make, "olddefconfig"])
        lost = dropped(config, (part / ".config").read_text())
        if lost:
            raise Failure(f"the configuration of the {name} kernel lost: {', '.join(lost)}")
        print(f"building {place.name} (once; about 8 minutes on 2 processors)", flush=True)
        steps = Steps(1, BUILD / f"logs/kernel-{name}-build")
        steps.run(f"{name} kernel", [[*make, f"-j{os.cpu_count()}", "vmlinux", "modules"],
                                     ["strip", "--strip-debug", part / "vmlinux"]])
        if steps.rows[0][1].failed:
            raise Failure(f"the {name} kernel does not build")
        # Building modules needs none of these objects, which are 300 MB.
        for p in part.rglob("*"):
            if (p.suffix in (".a", ".o", ".cmd") or p.name.startswith(".tmp_vmlinux")) and \
                    p.relative_to(part).parts[0] not in ("scripts", "tools"):
                p.unlink()
        part.rename(place)


def dropped(wanted, got):
    """The lines of a configuration that another one lacks.  An option that is off may be absent."""
    lines = set(got.splitlines())
    lost = []
    for line in re.findall(r"^(?:CONFIG_|# CONFIG_).*", wanted, re.M):
        if m := re.fullmatch(r"# (CONFIG_\w+) is not set", line):
            if any(there.startswith(f"{m[1]}=") for there in lines):
                lost.append(line)
        elif line not in lines:
            lost.append(line)
    return lost
