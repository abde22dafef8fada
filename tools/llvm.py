# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""The newest stock kernel, with modules that Clang builds.

Debian's headers are configured for GCC.  So the kernel's source is prepared with Debian's configuration and
LLVM=-23, the first Clang that supports the kernel's context analysis.  The stock kernel loads the modules.
"""

import os
import re
import shutil

from archive import CACHE, Failure, command, locked
from kernels import Kernel, source
from testlib import TOP

LLVM = "LLVM=-23"


class ByClang(Kernel):
    """The stock kernel, with a prepared source tree instead of Debian's headers."""

    root = "sid"
    # GCC built the kernel, which expects a call and not a nop at the beginning of each function.
    flags = (LLVM, "CONFIG_HAVE_OBJTOOL_NOP_MCOUNT=")

    def __init__(self, _name):
        super().__init__("7")
        self.root = ByClang.root
        self.source = source(re.match(r"\d+\.\d+", self.release)[0], self.suite)
        self.stock, self.headers = self.headers, CACHE / "kernel" / f"{self.release}-clang"
        self.tree = self.tree.with_name(f"{self.release}-clang")
        with locked(self.headers.with_name(f"{self.headers.name}.lock")):
            if not self.headers.exists():
                print(f"preparing {self.headers} (once; takes a minute)", flush=True)
                part = self.headers.with_name(f"{self.headers.name}.part")
                self.prepare(self.source, part)
                # One line contains the path of the folder in which it was made.
                makefile = part / "Makefile"
                makefile.write_text(makefile.read_text().replace(str(part), str(self.headers)))
                part.rename(self.headers)

    def compiler(self):
        return command([*self.inside, "clang-23", "--version"]).splitlines()[0]

    def prepare(self, tree, place, options=""):
        """Prepare a folder for building modules from this source, with the stock kernel's configuration."""
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        make = self.make(tree, place)
        # Signing needs Debian's key.
        (place / ".config").write_text((self.stock / ".config").read_text() +
                                       f"# CONFIG_MODULE_SIG_ALL is not set\n{options}")
        command([*make, "olddefconfig"])
        command([*make, "modules_prepare"])
        shutil.copy(self.stock / "Module.symvers", place)
        # Some options depend on the compiler.  They must not change a layout.
        for offsets in ("asm-offsets.h", "rq-offsets.h", "bounds.h"):
            path = f"include/generated/{offsets}"
            if (self.stock / path).read_bytes() != (place / path).read_bytes():
                raise Failure(f"{place / path} differs from Debian's: modules would not fit the kernel")
        version = command([*make, "-s", "kernelversion"])
        if version.split()[-1] != self.release.split("+")[0]:
            raise Failure(f"{tree} has version {version.split()[-1]}, the kernel {self.release}; "
                          "remove the older one from the cache")

    def make(self, tree, place):
        """The make command that builds this source tree in this folder."""
        return [*self.inside, "make", "-C", tree, f"O={place}", f"KERNELRELEASE={self.release}",
                *self.flags, "CONFIG_DEBUG_INFO_BTF_MODULES=", f"-j{os.cpu_count()}"]

    def graft(self, tree):
        """Make a source tree with Holdfast in it, as docs/kernel.md says; all other files are links."""
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir(parents=True)
        for p in self.source.iterdir():
            if p.name in ("include", "lib"):
                (tree / p.name).mkdir()
                for child in p.iterdir():
                    (tree / p.name / child.name).symlink_to(child)
            else:
                (tree / p.name).symlink_to(p)
        copy = {"include/holdfast": "include/holdfast", "lib/holdfast": "src/kernel",
                "lib/holdfast_use": "tests/kernel/use"}
        for to, source in copy.items():
            # Results of an earlier build are not copied.
            shutil.copytree(TOP / source, tree / to, ignore=shutil.ignore_patterns(
                ".*", "*.o", "*.ko", "*.mod", "*.mod.c", "Module.symvers", "modules.order"))
        (tree / "lib/holdfast_use/Kbuild").write_text(
            "obj-$(CONFIG_HOLDFAST) += holdfast_use.o\nCONTEXT_ANALYSIS := y\n")
        for name, lines in {
                "lib/Kconfig": 'source "lib/holdfast/Kconfig"\n',
                "lib/Makefile": "obj-$(CONFIG_HOLDFAST) += holdfast/ holdfast_use/\n"}.items():
            (tree / name).unlink()
            (tree / name).write_text((self.source / name).read_text() + lines)
