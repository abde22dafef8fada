# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Root folders of newer Debian suites: modules for the kernels of these suites are built in
them, and guests run programs of them.

Like the compilers of tools/newer they are unpacked into the user's cache, which needs no privileges.  A
kernel build runs a hundred programs, so bubblewrap enters the whole root instead of wrapping each program.
"""

import hashlib
import shutil

from archive import CACHE, Archive, locked
from testlib import TOP

COMMON = ["bash", "bc", "bzip2", "coreutils", "dash", "diffutils", "findutils", "grep", "gzip",
          "libc6-dev", "make", "mawk", "pahole", "perl-base", "sed", "tar", "xz-utils"]
PACKAGES = {
    # The compiler of Debian 13 and of its kernels.
    "trixie": [*COMMON, "gcc-14"],
    # The first Clang that supports the kernel's context analysis, and tools to prepare a source tree.
    "sid": [*COMMON, "clang-23", "lld-23", "llvm-23", "bison", "flex", "libdw-dev", "libelf-dev",
            "libssl-dev", "python3"],
    # The same, and what a kernel with Rust is prepared with.
    "trixie+rust": [*COMMON, "bindgen", "bison", "flex", "gcc-14", "libdw-dev", "libelf-dev", "libssl-dev", "python3",
                    "rust-src", "rustc"],
    # Clients of binder, which no release has yet, for guests.
    "trixie-backports": ["libgbinder-tools", "python3-gbinder"],
    # What Android's libbinder is built with, in the versions of its source; AIDL's is that of Android 14 in sid only.
    "trixie+android": [*COMMON, "g++", "android-libbase-dev", "android-libcutils-dev", "android-liblog-dev",
                       "android-libutils-dev", "libgmock-dev", "libgtest-dev"],
    "sid+aidl": ["aidl"],
}
# Links that the packages' scripts would make.
LINKS = {"usr/bin/awk": "mawk"}


def root(name):
    """The root folder of this name in PACKAGES, which is made if it is missing."""
    made_of = " ".join(PACKAGES[name])
    suite = name.split("+")[0]
    # The packages of backports depend on those of the release.
    beside = suite.removesuffix("-backports") if suite.endswith("-backports") else None
    place = CACHE / "roots" / f"{name}-{hashlib.sha256(made_of.encode()).hexdigest()[:8]}"
    with locked(place.with_suffix(".lock")):
        if not place.exists():
            print(f"unpacking Debian {suite} into {place} (once; takes a minute)", flush=True)
            part = place.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            Archive(suite, part / "apt", beside).unpack(PACKAGES[name], part / "apt", part / "root")
            for link, to in LINKS.items():
                (part / "root" / link).symlink_to(to)
            # Renamed when it is complete, so that an incomplete root is never used.
            (part / "root").rename(place)
            shutil.rmtree(part)
    return place


def inside(name):
    """The prefix of a command that runs in a root of PACKAGES.

    The project and the cache have their usual paths there and are writable, as is a /tmp of its own.
    """
    links = [arg for name in ("bin", "lib", "lib64", "sbin")
             for arg in ("--symlink", f"usr/{name}", f"/{name}")]
    return ["bwrap", "--unshare-pid", "--die-with-parent", "--ro-bind", root(name) / "usr", "/usr", *links,
            "--ro-bind", "/etc/passwd", "/etc/passwd", "--dev-bind", "/dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp",
            "--bind", TOP, TOP, "--bind", CACHE, CACHE, "--chdir", TOP, "--"]
