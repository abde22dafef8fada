# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Debian's package archive, and the user's cache of fetched files."""

import contextlib
import fcntl
import os
import pathlib
import platform
import re
import subprocess

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache",
                     "holdfast")


def debian():
    """The release of Debian on this machine, or None."""
    try:
        info = platform.freedesktop_os_release()
    except OSError:
        return None
    return info.get("VERSION_ID") if info.get("ID") == "debian" else None


class Failure(Exception):
    """A group cannot run; the text tells the user why."""


@contextlib.contextmanager
def locked(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another run, which has locked {path}", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def command(args, cwd=None):
    p = subprocess.run([str(a) for a in args], cwd=cwd, text=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if p.returncode:
        raise Failure(f"{' '.join(str(a) for a in args)} failed:\n{p.stdout[-2000:]}")
    return p.stdout


class Archive:
    """Debian's package archive, through this machine's sources or those of another suite."""

    def __init__(self, suite=None, place=None, beside=None, kind="deb"):
        """place: the folder for the other suite's lists; by default beside the kernels.

        beside: a suite that has what the packages of the other suite depend on.
        kind: "deb", or "deb-src" for source().
        """
        # For root, apt would warn that its own user cannot write into the cache.
        self.options = ["-q", "-o", "APT::Sandbox::User=root"]
        self.suite = suite
        if suite:
            place = place or CACHE / "kernel" / suite
            for folder in ("lists/partial", "cache/archives/partial"):
                (place / folder).mkdir(parents=True, exist_ok=True)
            (place / "sources.list").write_text("".join(
                f"{kind} [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] "
                f"http://deb.debian.org/debian {s} main\n" for s in filter(None, (suite, beside))))
            for option in (f"Dir::Etc::sourcelist={place}/sources.list",
                           "Dir::Etc::sourceparts=/dev/null",
                           f"Dir::State::lists={place}/lists", f"Dir::Cache={place}/cache"):
                self.options += ["-o", option]
            command(["apt-get", *self.options, "update"])

    def search(self, pattern):
        out = command(["apt-cache", *self.options, "search", "--names-only", pattern])
        return [line.split(" - ")[0] for line in out.splitlines()]

    def depends(self, package):
        out = command(["apt-cache", *self.options, "depends", package])
        return re.findall(r"Depends: (\S+)", out)

    def download(self, package, place):
        """The package's file in this folder, which is fetched if it is missing."""
        found = list(place.glob(f"{package}_*.deb"))
        if not found:
            print(f"fetching {package} into {place} (once)", flush=True)
            command(["apt-get", *self.options, "download", package], cwd=place)
            found = list(place.glob(f"{package}_*.deb"))
        return found[0]

    def source(self, package, place):
        """The archive of its original source, which is fetched into this folder."""
        print(f"fetching the source of {package} into {place} (once)", flush=True)
        command(["apt-get", *self.options, "source", "--only-source", "--download-only", package], cwd=place)
        return next(place.glob(f"{package}_*.orig.tar.*"))

    def unpack(self, packages, place, root):
        """Unpack these packages and all their dependencies into root.

        The packages' scripts do not run; compilers need none.
        """
        status = place / "status"
        status.touch()
        command(["apt-get", *self.options, "-o", f"Dir::State::status={status}", "--yes",
                 "--no-install-recommends", "--download-only", "install", *packages])
        # Older packages and the dynamic loader use these paths.
        root.mkdir(parents=True)
        for name in ("bin", "lib", "lib64", "sbin"):
            (root / "usr" / name).mkdir(parents=True)
            (root / name).symlink_to(f"usr/{name}")
        for deb in (place / "cache/archives").glob("*.deb"):
            tar = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
            untar = subprocess.run(["tar", "-x", "-C", root, "--keep-directory-symlink",
                                    "--no-same-owner"], stdin=tar.stdout)
            if tar.wait() or untar.returncode:
                raise Failure(f"{deb} is broken")
