# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""The newest stock kernel, with modules that Clang builds, or that are written in Rust.

Debian's headers are configured for GCC, and lack what Rust needs.  So the kernel's source is prepared with Debian's
configuration: with LLVM=-23, the first Clang that supports the kernel's context analysis; or with the rustc of that
release.  The stock kernel loads the modules.
"""

import os
import re
import shutil

from archive import CACHE, Failure, command, locked
from kernels import Kernel, quietly, source
from testlib import TOP

GCC = "x86_64-linux-gnu-gcc-14"


class Prepared(Kernel):
    """The stock kernel, with a prepared source tree instead of Debian's headers."""

    def __init__(self, wanted):
        super().__init__(wanted)
        self.root = type(self).root
        self.source = source(re.match(r"\d+\.\d+", self.release)[0], self.suite)
        self.stock, self.headers = self.headers, CACHE / "kernel" / f"{self.release}-{self.name}"
        self.tree = self.tree.with_name(f"{self.release}-{self.name}")
        with locked(self.headers.with_name(f"{self.headers.name}.lock")):
            if not self.headers.exists():
                print(f"preparing {self.headers} (once; takes minutes)", flush=True)
                part = self.headers.with_name(f"{self.headers.name}.part")
                self.prepare(self.source, part, self.options)
                # One line contains the path of the folder in which it was made.
                makefile = part / "Makefile"
                makefile.write_text(makefile.read_text().replace(str(part), str(self.headers)))
                part.rename(self.headers)

    def compiler(self):
        return command([*self.inside, self.cc, "--version"]).splitlines()[0]

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


class ByClang(Prepared):
    name, root, cc = "clang", "sid", "clang-23"
    # GCC built the kernel, which expects a call and not a nop at the beginning of each function.
    flags = ("LLVM=-23", "CONFIG_HAVE_OBJTOOL_NOP_MCOUNT=")
    options = ""

    def __init__(self, _name):
        super().__init__("7")


class ByRust(Prepared):
    name, root, cc = "rust", "trixie+rust", GCC
    flags = (f"CC={GCC}", f"HOSTCC={GCC}")
    # Its source decides by these which parts of the kernel it can call.
    options = "# CONFIG_ANDROID_BINDER_IPC is not set\nCONFIG_ANDROID_BINDER_IPC_RUST=y\n"

    def rust_binder(self):
        """The module of the kernel's binder driver in Rust, of which Debian makes none.

        It is unchanged, but for the name of its netlink family, which is that of the driver in C.
        """
        place = self.tree / "rust_binder"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.source / "drivers/android/binder", place)
        (place / "Makefile").unlink()
        (place / "Kbuild").write_text(
            "ccflags-y += -I$(src)\nobj-m := rust_binder.o\n"
            "rust_binder-y := rust_binder_main.o rust_binderfs.o rust_binder_events.o\n")
        netlink = (place / "netlink.rs").read_text()
        renamed = netlink.replace("kernel::uapi::BINDER_FAMILY_NAME", r'b"rust_binder\0"')
        if netlink == renamed:
            raise Failure(f"{place / 'netlink.rs'} does not name its family as in 7.3")
        (place / "netlink.rs").write_text(renamed)
        status, said = quietly([*self.make(self.source, self.headers), f"M={place}", "modules"])
        if status:
            raise Failure("rust_binder does not build:\n" + "\n".join(said[-60:]))
        return place / "rust_binder.ko"
