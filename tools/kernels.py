# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""The kernels for the tests: their headers and images, and how modules for them are built.

The kernels are Debian's stock kernels: that of the installed linux-headers, and those in the backports of
this release or of newer ones.  Missing packages are fetched from Debian's archive into the cache and are not
installed.  Modules for a newer release's kernel are built in a root of that release.
"""

import lzma
import os
import pathlib
import re
import shutil
import subprocess
import zlib

from archive import CACHE, Archive, Failure, command, debian, locked
from roots import inside
from testlib import BUILD, TOP

STOCK = {"12": "6.1", "13": "6.12"}     # the kernels of the Debian releases
CODENAMES = {"12": "bookworm", "13": "trixie"}


def backports(release):
    return f"{CODENAMES[release]}-backports"


def newest(paths):
    return max(paths, key=lambda p: [int(n) for n in re.findall(r"\d+", p.name)], default=None)


def source(version, suite=None):
    """The unpacked tree of Debian's linux-source-VERSION, which is fetched once and never changed.

    By default it comes from this release of Debian or from its backports.
    """
    place = CACHE / "kernel" / f"linux-source-{version}"
    with locked(CACHE / "kernel" / "lock"):
        if place.exists():
            return place
        part = CACHE / "kernel" / f"{place.name}.part"
        if not suite and STOCK.get(debian()) != version:
            suite = backports(debian())
        archive = Archive(suite)
        if not archive.search(f"^{re.escape(place.name)}$"):
            raise Failure(f"{suite or 'the sources of apt'} have no {place.name}")
        part.mkdir(exist_ok=True)
        deb = archive.download(place.name, part)
        print(f"unpacking {place.name} (1.6 GB)", flush=True)
        command(["dpkg-deb", "-x", deb, part])
        command(["tar", "-xf", part / f"usr/src/{place.name}.tar.xz", "-C", part])
        (part / place.name).rename(place)
        shutil.rmtree(part)
    return place


def source_file(version, path, suite=None):
    """One file of Debian's linux-source-VERSION, which is fetched once; the other files are not unpacked."""
    tree = f"linux-source-{version}"
    place = CACHE / "kernel" / f"{tree}-files" / path
    with locked(CACHE / "kernel" / "lock"):
        if (CACHE / "kernel" / tree / path).exists():
            return CACHE / "kernel" / tree / path
        if place.exists():
            return place
        if not suite and STOCK.get(debian()) != version:
            suite = backports(debian())
        part = CACHE / "kernel" / f"{tree}-files.part"
        part.mkdir(exist_ok=True)
        deb = Archive(suite).download(tree, part)
        pipe = [["dpkg-deb", "--fsys-tarfile", deb], ["tar", "-xO", f"./usr/src/{tree}.tar.xz"],
                ["tar", "-xJO", f"{tree}/{path}"]]
        data = None
        for args in pipe:
            process = subprocess.Popen(args, stdin=data, stdout=subprocess.PIPE)
            data = process.stdout
        text = data.read()
        if process.wait() or not text:
            raise Failure(f"{deb} has no {path}; remove it to fetch it again")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
        shutil.rmtree(part)
    return place


class Kernel:
    """A stock kernel: its release, the headers for building modules, the image for booting."""

    slower = 1      # the factor of its guests' time limits
    root = None     # the Debian suite whose root builds its modules; None: this machine
    flags = ()      # arguments of make for modules

    def __init__(self, wanted):
        self.suite = None
        self.headers = self._newest_headers(pathlib.Path("/usr/src"), wanted)
        if not self.headers:
            with locked(CACHE / "kernel" / "lock"):
                self.headers = self._newest_headers(CACHE / "kernel", wanted, "*/usr/src/") or \
                    self._fetch_headers(wanted)
            made_for = re.search(r"\+deb(\d+)", self.headers.name)[1]
            self.suite = backports(made_for)
            if made_for != debian():
                self.root = CODENAMES[made_for]
        self.release = self.headers.name.removeprefix("linux-headers-")
        self.tree = BUILD / "kernel" / self.release

    @property
    def inside(self):
        """The prefix of a command that runs where modules are built."""
        return inside(self.root) if self.root else []

    def compiler(self):
        """The version line of the compiler that builds its modules, which Debian's headers name."""
        says = self.headers / ".kernelvariables"
        name = re.search(r"^CC = .*?([\w-]+)$", says.read_text(), re.M)[1] if says.exists() else "gcc"
        return command([*self.inside, name, "--version"]).splitlines()[0]

    @staticmethod
    def _newest_headers(place, wanted, below=""):
        return newest([p for p in place.glob(f"{below}linux-headers-{wanted}*-amd64")
                       if re.match(rf"linux-headers-{re.escape(wanted)}(\.|-|$)", p.name)])

    def _fetch_headers(self, wanted):
        suites = [backports(release) for release in CODENAMES if release >= debian()]
        for suite in suites:
            archive = Archive(suite)
            names = archive.search(rf"^linux-headers-{re.escape(wanted)}[.0-9]*[-+0-9a-z]*-amd64$")
            names = [n for n in names if not re.search(r"-(rt|cloud)-", n)]
            if names:
                break
        else:
            raise Failure(f"the headers of a kernel {wanted} are neither installed nor in "
                          f"{' or '.join(suites)}")
        package = newest([pathlib.Path(n) for n in names]).name
        release = package.removeprefix("linux-headers-")
        place = CACHE / "kernel" / release
        part = CACHE / "kernel" / f"{release}.part"
        part.mkdir(parents=True, exist_ok=True)
        for p in [package] + [d for d in archive.depends(package)
                              if re.match(r"linux-(headers|kbuild)-", d)]:
            deb = archive.download(p, part)
            command(["dpkg-deb", "-x", deb, part])
            deb.unlink()
        # One line contains the path of the installed headers.
        makefile = part / "usr/src" / package / "Makefile"
        makefile.write_text(makefile.read_text().replace("/usr/src/", f"{place}/usr/src/"))
        part.rename(place)
        return place / "usr/src" / package

    def image(self):
        """The uncompressed kernel.  QEMU boots it in less than half the time of a compressed one."""
        place = CACHE / "kernel" / self.release
        vmlinux = place / "vmlinux"
        place.mkdir(parents=True, exist_ok=True)
        with locked(place / "lock"):
            if not vmlinux.exists():
                part = place / "vmlinux.part"
                part.write_bytes(uncompressed(self._vmlinuz(place)))
                part.rename(vmlinux)
        return vmlinux

    def _unpack(self, place, part, *args):
        """Run tar with these arguments on the package with this part of the image.  Returns its output."""
        archive = Archive(self.suite)
        name = f"linux-{part}-{self.release}"
        if not archive.search(f"^{re.escape(name)}$"):
            name = f"linux-image-{self.release}"    # older kernels have everything in one package
        deb = archive.download(name, place)
        tar = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
        data = subprocess.run(["tar", *args], stdin=tar.stdout, stdout=subprocess.PIPE).stdout
        tar.wait()
        if tar.returncode:
            raise Failure(f"{deb} is broken; remove it to fetch it again")
        return data

    def _vmlinuz(self, place):
        data = self._unpack(place, "binary", "-xO", "--wildcards", "*/vmlinuz*")
        if not data:
            raise Failure(f"no kernel in {place}; remove its package to fetch it again")
        return data

    def has(self, option):
        """Whether its configuration has this option built in."""
        return f"\nCONFIG_{option}=y\n" in (self.headers / ".config").read_text()

    def modules_there(self, folders):
        """The paths of its own modules in these folders of the kernel's tree."""
        place = CACHE / "kernel" / self.release
        there = place / "modules"
        with locked(place / "lock"):
            there.mkdir(exist_ok=True)
            done = {folder: there / f"{folder.replace('/', '-')}.unpacked" for folder in folders}
            missing = [folder for folder in folders if not done[folder].exists()]
            if missing:
                self._unpack(place, "modules", "-x", "-C", str(there), "--wildcards", "--no-anchored",
                             *(f"*/kernel/{folder}/*" for folder in missing))
            for folder in missing:
                done[folder].touch()
        return there.rglob("*.ko*")

    def modules(self, *names, folders=()):
        """{file name: path} of these modules of the kernel, each after its dependencies.

        They are searched in block, crypto, fs, lib and these folders of its tree.
        """
        there = {re.sub(r"\.ko(\.xz)?$", "", p.name).replace("-", "_"): p
                 for p in self.modules_there(("block", "crypto", "fs", "lib", *folders))}
        found = {}

        def add(name):
            # A missing module is built in.
            if f"{name}.ko" in found or name not in there:
                return
            path = there[name]
            if path.suffix == ".xz":
                path.with_suffix("").write_bytes(lzma.decompress(path.read_bytes()))
                path = path.with_suffix("")
            depends = re.search(rb"\0depends=([^\0]*)\0", path.read_bytes())[1].decode()
            for other in filter(None, depends.split(",")):
                add(other.replace("-", "_"))
            found[f"{name}.ko"] = path

        for name in names:
            add(name)
        return found


def uncompressed(vmlinuz):
    """The ELF file in an x86 boot image (the payload in Documentation/x86/boot.rst)."""
    setup = (vmlinuz[0x1f1] or 4) + 1
    offset = int.from_bytes(vmlinuz[0x248:0x24c], "little") + setup * 512
    payload = vmlinuz[offset:offset + int.from_bytes(vmlinuz[0x24c:0x250], "little")]
    if payload.startswith(b"\xfd7zXZ\0"):
        elf = lzma.LZMADecompressor().decompress(payload)
    elif payload.startswith(b"\x1f\x8b"):
        elf = zlib.decompressobj(31).decompress(payload)
    elif payload.startswith(b"\x28\xb5\x2f\xfd"):
        # The last four bytes are the length.
        elf = subprocess.run(["zstd", "-dc"], input=payload[:-4], stdout=subprocess.PIPE).stdout
    else:
        raise Failure(f"unknown compression of the kernel: {payload[:8]!r}")
    if not elf.startswith(b"\x7fELF"):
        raise Failure("the kernel does not unpack to an ELF file")
    return elf


# --- modules --------------------------------------------------------------------------------------

# The lines that make itself prints.  Every other line is a message of a tool.
CHATTER = re.compile(r"^\s*(CC|AS|LD|MODPOST|BTF|CHECK|GEN|CLEAN|CALL|DESCEND|LDS|MKELF|HOSTCC|HOSTLD)\b|^$|"
                     r"^Skipping BTF generation|"
                     r"^make(\[\d+\])?: (Entering|Leaving|.* is up to date|Nothing to be done)")


def stage(kernel, checks, place=None):
    """Copy the modules' sources for one kernel and level of checks.  Returns the copy's root."""
    root = (place or kernel.tree) / checks
    wanted = {}
    for folder in ("include/holdfast", "src/kernel", "tests/kernel", "examples", "bench"):
        for p in (TOP / folder).rglob("*"):
            if p.is_file() and (p.suffix in (".h", ".c", ".S", ".mk") or p.name == "Kbuild") and \
                    not p.name.endswith(".mod.c"):
                wanted[root / p.relative_to(TOP)] = p
    for p in (TOP / "tests/unit").glob("*.[ch]"):
        wanted[root / "tests/kernel/unit" / p.name] = p
    for to, source in wanted.items():
        data = source.read_bytes()
        if not to.exists() or to.read_bytes() != data:
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(data)
    for p in root.rglob("*.[chS]"):
        if p not in wanted and not p.name.endswith(".mod.c"):
            p.unlink()
    return root


def quietly(args):
    """Run make.  Returns (exit status, [message])."""
    p = subprocess.run([str(a) for a in args], text=True, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                       env=dict(os.environ, LC_ALL="C"))
    return p.returncode, [line for line in p.stdout.splitlines() if not CHATTER.match(line)]


def make(kernel, checks, place, *targets, sparse=False):
    """Build the modules of this folder.  Returns (exit status, [message])."""
    args = [*kernel.inside, "make", "-C", kernel.headers, f"M={place}", "W=1",
            f"HOLDFAST_CHECKS={checks}", *kernel.flags,
            # BTF would need another tool.
            "CONFIG_DEBUG_INFO_BTF_MODULES=",
            # From 7.0 on, Debian's headers lack a script that sparse needs.
            *(["C=2"] if sparse and int(kernel.release.split(".")[0]) < 7 else []),
            f"-j{os.cpu_count()}", *targets]
    return quietly(args)


def build(kernel, checks, *folders, sparse=False):
    """Build the modules in these folders.  Returns ({name: .ko}, [message])."""
    root = stage(kernel, checks)
    complaints, modules = [], {}
    for folder in ("src/kernel", *folders):
        place = root / folder
        status, said = make(kernel, checks, place, "modules", sparse=sparse)
        complaints += said
        if status:
            raise Failure(f"{folder} does not build:\n" + "\n".join(said[-60:]))
        modules.update({m.stem: m for m in place.glob("*.ko")})
    return modules, complaints
