# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Tests of a command-line program: what they share.

A test is a function that is marked with @case and takes a Tool.  It fails by an exception.
"""

import itertools
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import unicodedata

CASES = {}

# Any bytes that a name may have, what a terminal must not get, and what is not UTF-8.
NAMES = ["ü ☃ 😀".encode(), b"quote\" back\\slash", b"\x1b[2J\x1b]0;title\x07", b"line\nhfnvme: another", b"\x7f\r\t",
         "\x85\x9b".encode(), b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"cut\xe2\x98"]


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


def case(f):
    CASES[f.__name__] = f
    return f


def same(a, b, what):
    if a != b:
        raise Failed(f"{what}: {a!r} is not {b!r}")


def harmless(text, what):
    """A terminal may get it."""
    for c in text.decode():
        if c != "\n" and unicodedata.category(c) == "Cc":
            raise Failed(f"{what}: control character {c!r} in {text!r}")


class Tool:
    """A program, in a directory of its own."""

    def __init__(self, program, directory):
        self.program = program
        self.dir = pathlib.Path(directory)

    def path(self, name):
        return self.dir / name

    def run(self, *args, status=0, says=None, under=(), **options):
        """Run it; compare the exit status and look for texts in standard error (or output)."""
        command = [*under, self.program, *[a if isinstance(a, bytes) else str(a) for a in args]]
        if "input" not in options:
            options.setdefault("stdin", subprocess.DEVNULL)
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 240} | options
        p = subprocess.run(command, cwd=self.dir, **options)
        self.expect(command, p.returncode, p.stdout or b"", p.stderr or b"", status, says)
        return p

    def expect(self, command, got, out, err, status, says):
        """@status: None is any."""
        what = f"$ {' '.join(map(str, command))}\nexit status {got}\nerrors {err[:2000]}\noutput {out[:2000]}"
        if status is not None and got != status:
            raise Failed(f"{what}\nwanted exit status {status}")
        for word in [says] if isinstance(says, str) else says or []:
            if word.encode() not in err + b"\0" + out:
                raise Failed(f"{what}\nwanted: {word}")

    def text(self, *args, **options):
        return self.run(*args, **options).stdout.decode()


def closed_streams():
    """Each set of standard streams that may be closed: it, and the options of subprocess.run() for it."""
    def options(closed):
        def close():
            for fd in closed:
                os.close(fd)
        return {"preexec_fn": close}

    for n in range(1, 4):
        for closed in itertools.combinations(range(3), n):
            yield closed, options(closed)


def unwritable():
    """Streams that cannot be written, and why."""
    with open("/dev/full", "wb") as full:
        yield full, "No space left"
    reads, writes = os.pipe()
    os.close(reads)
    with open(writes, "wb", buffering=0) as pipe:
        yield pipe, "Broken pipe"


def interrupted_at_once():
    """The program begins with a SIGINT that is pending: before anything that it does."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    os.kill(os.getpid(), signal.SIGINT)


def other_kinds(t):
    """Files that are not regular: the name, and what it is."""
    os.mkdir(t.path("directory"))
    os.mkfifo(t.path("fifo"))
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(str(t.path("socket")))
    return [("directory", "directory"), ("fifo", "FIFO"), ("socket", "socket"), ("/dev/null", "character device"),
            ("/dev/zero", "character device")]


def main(doc, tool):
    """tool(argument, directory) makes what each case gets."""
    if sys.argv[1:] == ["--list"]:
        print("\n".join(CASES))
        return 0
    if len(sys.argv) < 2 or set(sys.argv[2:]) - set(CASES):
        print(doc, file=sys.stderr)
        return 2
    names = sys.argv[2:] or list(CASES)
    failed, skipped = 0, 0
    for name in names:
        with tempfile.TemporaryDirectory(prefix="cli-") as directory:
            try:
                CASES[name](tool(os.path.abspath(sys.argv[1]), directory))
            except Skipped as e:
                print(f"{name}: skipped: {e}")
                skipped += 1
            except (Failed, subprocess.TimeoutExpired) as e:
                print(f"{name}: FAILED\n{e}\n")
                failed += 1
    print(f"{len(names) - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 77 if skipped == len(names) else 0
