#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Tests of the command line.

    cli.py HFNVME [CASE...]     all cases, or the named ones
    cli.py --list               the names

Exit status: 0 passed, 1 failed (what failed is printed), 77 a single case cannot run here.
"""

import fcntl
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "cli"))
import clitest  # noqa: E402
from clitest import NAMES, Failed, Skipped, case, harmless, same  # noqa: E402

MIB = 1 << 20


class Tool(clitest.Tool):
    """hfnvme in a directory of its own."""

    def data(self, name, size, seed=1):
        content = random.Random(seed).randbytes(size)
        self.path(name).write_bytes(content)
        return content

    def image(self, name, size):
        with open(self.dir / os.fsdecode(name), "wb") as f:
            f.truncate(size)

    def json(self, *args, **options):
        p = self.run(*args, "--json", **options)
        try:
            return json.loads(p.stdout)
        except ValueError as e:
            raise Failed(f"{args}: no JSON ({e}):\n{p.stdout.decode()}") from e


# --- arguments -----------------------------------------------------------------------------------


@case
def help_and_version(t):
    commands = ["identify", "read", "write", "verify", "bench", "torture"]
    t.run("--help", says=[*commands, "Exit status"])
    t.run("--version", says="hfnvme ")
    for c in commands:
        t.run(c, "--help", says=["Usage: hfnvme " + c, "--block-size", "--faults"])


@case
def bad_arguments(t):
    t.image("d", MIB)
    for args, says in [
        ([], "command is missing"),
        (["frobnicate"], "no command 'frobnicate'"),
        (["--frob"], "no option --frob"),
        (["read"], "name of the image is missing"),
        (["read", ""], "name of the image is empty"),
        (["read", "d", "e"], "too many: 'e'"),
        (["read", "d", "--frob"], "no option --frob"),
        (["read", "d", "-X"], "no option -X"),
        (["read", "d", "--json=1"], "takes no value"),
        (["read", "d", "--length"], "--length: its value is missing"),
        (["read", "d", "--length", "12x"], "--length: '12x' is not a size"),
        (["read", "d", "--length", "-1"], "--length: '-1' is not a size"),
        (["read", "d", "--length", "99999999999T"], "is not a size"),
        (["read", "d", "--length", "0"], "nothing to do"),
        (["read", "d", "--offset", "100"], "--offset: 100 is not a multiple of the block size, 512"),
        (["read", "d", "--lba", "1", "--offset", "512"], "--offset and --lba"),
        (["read", "d", "--blocks", "1", "--length", "512"], "--length and --blocks"),
        (["read", "d", "--block-size", "1024"], "512 or 4096"),
        (["read", "d", "--queues", "0"], "--queues: '0' is not a number from 1 to 64"),
        (["read", "d", "--queues", "65"], "from 1 to 64"),
        (["read", "d", "--depth", "1024"], "from 1 to 1023"),
        (["read", "d", "--io-size", "100"], "--io-size"),
        (["read", "d", "-b", "4096", "--io-size", "512"], "multiple of the block size, 4096"),
        (["read", "d", "--force"], "--force means nothing here"),
        (["read", "d", "--json", "-o", "-"], "both go to standard output"),
        (["read", "d", "-o", "a", "-o", "b"], "two files"),
        (["read", "d", "-o", ""], "name of the file is empty"),
        (["write", "d", "--pattern", "-i", "x"], "--pattern and 'x'"),
        (["write", "d", "--create", "0", "-i", "x"], "--create"),
        (["write", "d", "--create", "1000", "-i", "x"], "multiple of the block size"),
        (["write", "d", "--faults", "gremlins", "-i", "x"], "there is no fault 'gremlins'"),
        (["write", "d", "--faults", "stale-cid=2000000", "-i", "x"], "not a number from 0 to 1000000"),
        (["write", "d", "--faults", "all=500000", "-i", "x"], "together"),
        (["write", "d", "--timeout", "1", "-i", "x"], "--timeout"),
        (["bench", "--ops", "sideways"], "submit-complete"),
        (["bench", "--runtime", "soon"], "seconds"),
        (["bench", "--commands", "0"], "--commands"),
        (["bench", "d", "--size", "1M"], "--size is that of a device in memory"),
        (["torture", "--create", "1M"], "name of the image is missing"),
        (["torture", "--size", "100"], "multiple of the block size"),
        (["identify", "d", "--depth", "3"], "--depth means nothing here"),
    ]:
        t.run(*args, status=2, says=says)


@case
def sizes_have_suffixes(t):
    t.image("d", 4 * MIB)
    for size, n in [("512", 512), ("1K", 1024), ("1KiB", 1024), ("2KB", 2000), ("1m", MIB)]:
        t.run("read", "d", "--length", size, "-o", "out")
        same(t.path("out").stat().st_size, n, size)


@case
def numbers(t):
    """One parser for all: decimal or hexadecimal, and nothing that could be another number."""
    t.data("d", MIB)
    content = t.path("d").read_bytes()
    for option, value in [("--lba", "16"), ("--lba", "0x10"), ("--lba", "0X10"), ("--offset", "8192"),
                          ("--offset", "0x2000"), ("--offset", "8K")]:
        for length in (["--blocks", "0xa"], ["--length", "5120"], ["-n", "0x1400"]):
            t.run("read", "d", "-o", "out", option, value, *length)
            same(t.path("out").read_bytes() == content[8192:8192 + 5120], True, f"{option} {value} {length}")
    wrong = ["010", "00", "0x", "0x1g", "1x", "+1", "-1", " 1", "1 ", "", "1e3", "1.5", "0b1", "1_0", "0x010K",
             "18446744073709551616", "0x10000000000000000", "99999999999999999999999"]
    for option in ["--lba", "--blocks", "--offset", "--length", "--queues", "--depth", "--io-size", "--seed",
                   "--timeout", "--block-size"]:
        for value in wrong:
            t.run("read", "d", "-o", "out", f"{option}={value}", status=2, says=[f"{option}: '{value}' is not "])
    for value in wrong:
        t.run("torture", f"--commands={value}", status=2, says=f"--commands: '{value}' is not ")
        t.run("bench", f"--size={value}", status=2, says=f"--size: '{value}' is not ")
        t.run("write", "e", f"--create={value}", status=2, says=f"--create: '{value}' is not ")
        t.run("write", "d", f"--faults=all={value}", status=2, says=f"the rate '{value}' of 'all' is not ")
    for value in ["0", "-1", "1e3", ".5", "5.", "0.0001", "01", "nan", "inf", "0x1", "1s", "99999999999999999999"]:
        t.run("bench", f"--runtime={value}", status=2, says=f"--runtime: '{value}' is not ")
    for value in ["1KK", "1Ki", "1BB", "K", "16777216T", "1P", "9223372036854775808"]:
        t.run("read", "d", f"--offset={value}", status=2, says=f"--offset: '{value}' is not a size")
    t.run("bench", "--runtime", "0.05", "--seed", "0xffffffffffffffff")


# --- images --------------------------------------------------------------------------------------


@case
def bad_images(t):
    t.run("read", "no-such", "-o", "out", status=1, says=["no-such: there is no such image", "--create"])
    for size, says in [(0, "shorter than one block"), (511, "shorter than one block"),
                       (1000, "not a whole number of blocks")]:
        t.image("d", size)
        for c in [["read", "d", "-o", "out"], ["identify", "d"], ["verify", "d", "--pattern"]]:
            t.run(*c, status=1, says=["d: ", says, "truncate -s"])
    t.image("d", 512)
    t.run("identify", "d", "-b", "4096", status=1, says="shorter than one block of 4096")
    t.image("d", 4096 + 512)
    t.run("identify", "d", "-b", "4096", status=1, says="--block-size 512")
    if t.path("out").exists():
        raise Failed("a failed read left a file")


@case
def images_that_are_no_files(t):
    for name, kind in clitest.other_kinds(t):
        for c in (["identify"], ["read", "-o", "out"], ["verify", "--pattern"], ["write", "--pattern"], ["bench"],
                  ["write", "--pattern", "--create", "1M"], ["write", "--pattern", "--create", "1M", "--force"],
                  ["torture", "--force"]):
            t.run(c[0], name, *c[1:], status=1, says=f"{name}: is a {kind}; an image is a regular file")


def lock_of(t, name):
    """Who has locked it, and how, or None."""
    with open(t.path(name), "r+b") as f:
        want = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, pid = struct.unpack("hhqqi4x", fcntl.fcntl(f, fcntl.F_GETLK, want))
    return None if kind == fcntl.F_UNLCK else (pid, kind == fcntl.F_WRLCK)


class User:
    """A process that uses the image, until the block ends."""

    def __init__(self, t, *args):
        self.t, self.args, self.writes = t, args, args[0] == "write"

    def __enter__(self):
        self.process = subprocess.Popen([self.t.program, *self.args], cwd=self.t.dir, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while lock_of(self.t, self.args[1]) != (self.process.pid, self.writes):
            if self.process.poll() is not None:
                raise Failed(f"{self.args}: {self.process.stderr.read().decode()}")
            os.sched_yield()
        return self.process.pid

    def __exit__(self, kind, *_):
        if kind:
            self.process.kill()
        out, err = self.process.communicate()
        if not kind:
            self.t.expect(self.args, self.process.returncode, out, err, 0, None)


@case
def several_users_of_an_image(t):
    content = t.data("d", MIB)
    with User(t, "write", "d") as pid:
        for args in (["write", "d", "--pattern"], ["write", "d", "--pattern", "--create", "2M", "--force"],
                     ["torture", "d", "--force"], ["bench", "d", "--ops", "write", "--force"], ["bench", "d"],
                     ["read", "d", "-o", "out"], ["verify", "d", "--pattern"], ["identify", "d"]):
            t.run(*args, status=1, says=f"d: is in use by process {pid}, which writes it")
        same(t.path("d").read_bytes() == content, True, "the image is as it was")
        same(t.path("out").exists(), False, "a file is left")
    with User(t, "verify", "d") as pid:
        t.run("identify", "d")
        t.run("verify", "d", input=content)
        t.run("write", "d", "--pattern", status=1, says=f"d: is in use by process {pid}, which reads it")
        os.link(t.path("d"), t.path("another name"))
        t.run("write", "another name", "--pattern", status=1, says="in use")
    t.run("write", "d", "--pattern")


@case
def image_not_writable(t):
    # A program that runs cannot be written to, not even by root.
    shutil.copy("/bin/sleep", t.path("d"))
    size = t.path("d").stat().st_size // 512 * 512
    os.truncate(t.path("d"), max(size, 512) + (512 if t.path("d").stat().st_size % 512 else 0))
    p = subprocess.Popen([t.path("d"), "60"])
    try:
        t.run("write", "d", "--pattern", status=1, says=["d: cannot be opened for writing", "busy"])
        t.run("identify", "d")
    finally:
        p.kill()
        p.wait()


@case
def create(t):
    t.run("write", "d", "--create", "1M", "--pattern")
    same(t.path("d").stat().st_size, MIB, "size")
    t.run("write", "d", "--create", "1M", "--pattern", status=1, says=["d: exists", "--force"])
    t.run("write", "d", "--create", "2M", "--force", "--pattern")
    same(t.path("d").stat().st_size, 2 * MIB, "size")
    t.run("write", "none/d", "--create", "2M", "--pattern", status=1, says="none/d: cannot be created")


@case
def identify(t):
    t.image("d", 3 * MIB)
    t.run("identify", "d", says=["6144 of 512 bytes", "3 MiB"])
    j = t.json("identify", "d", "-b", "4096")
    same(j["namespaces"][0]["blocks"], 768, "blocks")
    same(j["namespaces"][0]["block_size"], 4096, "block size")


# --- data ----------------------------------------------------------------------------------------


def round_trip(t, size, *options, offset=0):
    content = t.data("in", size)
    j = t.json("write", "d", "-i", "in", "--offset", offset, *options)
    same((j["status"], j["bytes"], j["flushed"]), ("ok", size, True), "write")
    j = t.json("read", "d", "-o", "out", "--offset", offset, "--length", size, *options)
    same((j["status"], j["bytes"]), ("ok", size), "read")
    if t.path("out").read_bytes() != content:
        raise Failed(f"{size} bytes, {options}: other content came back")
    same(t.path("d").read_bytes()[offset:offset + size] == content, True, "the image holds the content")
    t.run("verify", "d", "-i", "in", "--offset", offset, *options)


@case
def round_trips(t):
    t.image("d", 8 * MIB)
    for size in [1, 511, 512, 513, 131071, 131072, 131073, 3 * MIB + 77]:
        round_trip(t, size)
        round_trip(t, size, "-b", "4096", offset=4096)
    round_trip(t, 8 * MIB)
    round_trip(t, 2 * MIB, "-q", "1", "-d", "1", offset=512)
    round_trip(t, 2 * MIB, "-q", "5", "-d", "200", "-s", "4K")


@case
def round_trips_despite_faults(t):
    t.image("d", 8 * MIB)
    for seed in range(1, 6):
        # Not as many invalid tables as "all" has: after three in a row the namespace is taken for what they say.
        round_trip(t, 8 * MIB, "-s", "4K", "--seed", seed,
                   "--faults", "all,lost-command=500,controller-fatal=500,invalid-identify=100000")
    round_trip(t, 8 * MIB, "-s", "4K", "--faults", "torn-entry=30000,stale-cid=30000")


@case
def a_partial_block_keeps_its_rest(t):
    before = t.data("d", MIB)
    content = t.data("in", 1000, seed=2)
    t.run("write", "d", "-i", "in", "--lba", "3")
    after = before[:1536] + content + before[2536:]
    same(t.path("d").read_bytes() == after, True, "only the 1000 bytes changed")


@case
def pipes(t):
    t.image("d", 4 * MIB)
    content = t.data("in", 2 * MIB + 5)
    t.run("write", "d", input=content)
    p = t.run("read", "d", "--length", len(content))
    same(p.stdout == content, True, "what came through a pipe")
    t.run("verify", "d", input=content)
    t.run("verify", "d", input=content[:-1] + b"?", status=1, says="block 4096 is the first that differs")


@case
def pipe_longer_than_the_device(t):
    t.image("d", MIB)
    content = random.Random(3).randbytes(MIB + 1)
    j = t.json("write", "d", input=content, status=1, says="standard input: has more than the 1 MiB")
    same(j["bytes"], MIB, "what was written")
    same(t.path("d").read_bytes() == content[:MIB], True, "what fitted is there")
    t.run("verify", "d", input=content, status=1, says="has more")
    t.run("verify", "d", input=content[:MIB])


@case
def empty_input(t):
    t.image("d", MIB)
    same(t.json("write", "d", "-i", "/dev/null")["bytes"], 0, "bytes")


@case
def past_the_end(t):
    t.image("d", MIB)
    t.data("in", MIB + 512)
    t.run("read", "d", "-o", "out", "--lba", "2048", status=1, says="block 2048 is past the end")
    t.run("read", "d", "-o", "out", "--offset", "1G", status=1, says="past the end")
    t.run("read", "d", "-o", "out", "--lba", "2047", "--length", "513", status=1,
          says=["past the end", "2048 blocks", "leaves 512 bytes"])
    t.run("read", "d", "-o", "out", "--lba", "2047")
    same(t.path("out").stat().st_size, 512, "the last block")
    t.run("write", "d", "-i", "in", status=1, says=["in: has", "--length 1048576"])
    same(t.path("d").read_bytes() == bytes(MIB), True, "nothing was written")
    t.run("write", "d", "-i", "in", "--length", "2M", status=1, says="past the end")
    t.run("write", "d", "-i", "in", "--length", "1M")
    t.data("short", 100)
    t.run("write", "d", "-i", "short", "--length", "1000", status=1, says="short: has 100 bytes, 900 less")


@case
def pattern_and_verify(t):
    t.run("write", "d", "--create", "4M", "--pattern", "--seed", "7")
    t.run("verify", "d", "--pattern", "--seed", "7")
    t.run("verify", "d", "--pattern", "--seed", "8", status=1,
          says=["block 0 is the first that differs", "8192 blocks differ"])
    with open(t.path("d"), "r+b") as f:
        f.seek(5 * 512 + 17)
        b = f.read(1)
        f.seek(5 * 512 + 17)
        f.write(bytes([b[0] ^ 1]))
    t.run("verify", "d", "--pattern", "--seed", "7", status=1,
          says=["block 5 is the first", "at its byte 17", "1 block differs"])
    j = t.json("verify", "d", "--pattern", "--seed", "7", status=1, says="block 5")
    same((j["status"], j["first_lba_differing"], j["blocks_differing"]), ("differs", 5, 1), "JSON")


@case
def bad_files(t):
    t.image("d", MIB)
    t.run("write", "d", "-i", "no-such", status=1, says="no-such: No such file")
    t.run("write", "d", "-i", ".", status=1, says="is a directory")
    t.run("write", "d", "-i", "d", status=1, says="is the image itself")
    t.run("read", "d", "-o", "d", status=1, says="is the image itself")
    same(t.path("d").stat().st_size, MIB, "the image")
    t.run("read", "d", "-o", "no/such", status=1, says="no/such: No such file")
    t.run("read", "d", "-o", "/dev/full", status=1, says=["/dev/full: No space left", "read 0 bytes"])


# --- streams and names ---------------------------------------------------------------------------


def pattern(t):
    t.run("write", "pattern", "--create", "1M", "--pattern", "--seed", "3")
    return t.path("pattern").read_bytes()


@case
def streams_that_are_closed(t):
    """None of them becomes a file that is opened; what could not be said is a failure."""
    want = pattern(t)
    for closed, options in clitest.closed_streams():
        status = 1 if 1 in closed else 0
        for json_too in ([], ["--json"]):
            t.image("d", MIB)
            t.run("write", "d", "--pattern", "--seed", "3", *json_too, status=status, **options)
            same(t.path("d").read_bytes() == want, True, f"the image, with {closed} closed")
            t.run("read", "d", "-o", "out", *json_too, status=status, **options)
            same(t.path("out").read_bytes() == want, True, f"the data, with {closed} closed")
            for c in (["verify", "d", "--pattern", "--seed", "3"], ["identify", "d"],
                      ["bench", "d", "--commands", "64"], ["torture", "e", "--create", "64K", "--commands", "100"]):
                t.run(*c, *json_too, status=status, **options)
            same(t.path("d").read_bytes() == want, True, f"the image, with {closed} closed")
            same(t.path("e").stat().st_size, 65536, f"the size of an image, with {closed} closed")
            t.path("e").unlink()
        t.run("write", "d", "--pattern", "-i", "x", status=2, **options)
        t.run("read", "none", status=1, **options)
        t.run("--help", status=status, **options)
        if 0 in closed:
            t.run("write", "d", status=1, says=[] if 2 in closed else "standard input: Bad file descriptor", **options)
        if 1 in closed:
            t.run("read", "d", status=1, says=[] if 2 in closed else "standard output: Bad file descriptor", **options)
        same(t.path("d").read_bytes() == want, True, f"the image, with {closed} closed")


@case
def streams_that_cannot_be_written(t):
    want = pattern(t)
    t.image("d", MIB)
    for stream, why in clitest.unwritable():
        for c in (["write", "d", "--pattern", "--seed", "3"], ["read", "d", "-o", "out"], ["identify", "d"],
                  ["verify", "d", "--pattern", "--seed", "3"], ["bench", "d", "--commands", "64"],
                  ["torture", "--commands", "100", "--size", "64K"], ["--version"], ["--help"], ["write", "--help"]):
            for json_too in ([], ["--json"]) if len(c) > 1 and c[1] != "--help" else [[]]:
                t.run(*c, *json_too, status=1, says=f"standard output: {why}", stdout=stream)
        same(t.path("d").read_bytes() == want, True, "the image")
        same(t.path("out").read_bytes() == want, True, "the data")
        t.run("read", "d", status=1, says=f"standard output: {why}", stdout=stream)
        # The report, where the data is on standard output.
        same(t.run("read", "d", status=1, stderr=stream).stdout == want, True, "the data")
        t.run("read", "none", status=1, stderr=stream)


@case
def streams_that_are_the_image(t):
    want = pattern(t)
    for c in (["write", "pattern", "--pattern"], ["identify", "pattern"], ["read", "pattern", "-o", "out"], ["read", "pattern"],
              ["verify", "pattern", "--pattern", "--seed", "3"]):
        with open(t.path("pattern"), "ab") as f:
            t.run(*c, status=1, says="pattern: is standard output, too", stdout=f)
            t.run(*c, status=1, stderr=f)
    # Only the messages that say so are behind it.
    data = t.path("pattern").read_bytes()
    same((data[:MIB] == want, set(data[MIB:].splitlines())), (True, {b"hfnvme: pattern: is standard error, too"}), "the image")


@case
def names_of_any_bytes(t):
    for name in NAMES:
        text = name.decode(errors="surrogateescape")
        lost = "".join("\ufffd" if "\udc80" <= c <= "\udcff" else c for c in text)
        p = t.run("write", name, "--create", "64K", "--pattern", "--json")
        same(json.loads(p.stdout.decode())["image"], lost, "the name of the image")
        harmless(p.stdout, "JSON")
        for c in (["write", name, "--pattern"], ["identify", name], ["verify", name, "--pattern"], ["read", name, "-o", "out"],
                  ["torture", name, "--force", "--commands", "10"], ["bench", name, "-c", "1"]):
            p = t.run(*c)
            harmless(p.stdout + p.stderr, c)
        for c, status in ((["write", name, "--create", "64K"], 1), (["identify", name, name], 2), (["read", b"none" + name], 1),
                          (["write", name, "-i", b"none" + name], 1), ([name], 2), (["read", name, b"--lba=" + name], 2),
                          (["read", name, b"--" + name], 2), (["bench", b"--faults=" + name], 2), (["read", name, b"-" + name], 2)):
            p = t.run(*c, status=status)
            harmless(p.stderr, c)
            if c != [name] and len(p.stderr.splitlines()) != status:
                raise Failed(f"{c}: not one line: {p.stderr!r}")
    # What can be printed is.
    t.run("read", "ü ☃ 😀", "-o", "ü ☃ 😀", status=1, says="ü ☃ 😀: is the image itself")


@case
def names_of_devices(t):
    """What the controller says of itself has control characters."""
    t.image("d", MIB)
    for seed in range(30):
        p = t.run("identify", "d", "--faults", "invalid-identify=1000000", "--seed", seed, "--json", status=None)
        q = t.run("identify", "d", "--faults", "invalid-identify=1000000", "--seed", seed, status=None)
        harmless(p.stdout + p.stderr + q.stdout + q.stderr, f"seed {seed}")
        if not p.returncode:
            json.loads(p.stdout.decode())


# --- failures under way --------------------------------------------------------------------------


def check_partial_write(t, content, j, err):
    """What is said to be written is written; the rest is reported as failed, or untouched."""
    image = t.path("d").read_bytes()
    same((j["status"], j["flushed"]), ("failed", False), "JSON")
    n, block = j["bytes"], j["block_size"]
    if n >= len(content) or not j["failed"]:
        raise Failed(f"no failure was reported: {j}\n{err}")
    same(image[:n] == content[:n], True, f"the {n} bytes that were written are there")
    known = set(range(n // block))
    for e in j["written_beyond_failure"]:
        at, end = e["lba"] * block, (e["lba"] + e["blocks"]) * block
        same(image[at:end] == content[at:end], True, f"{e} was written")
        known |= set(range(e["lba"], e["lba"] + e["blocks"]))
    for e in j["failed"]:
        known |= set(range(e["lba"], e["lba"] + e["blocks"]))
    for lba in range(len(image) // block):
        if lba not in known and image[lba * block:(lba + 1) * block].strip(b"\0"):
            raise Failed(f"block {lba} was written, and that was not reported: {j}")
    first = j["failed"][0]["lba"]
    same(n, first * block, "up to the failure")
    for word in [f"block {first} failed: Write Fault", f"({n} bytes, up to block {first})"]:
        if word not in err:
            raise Failed(f"wanted: {word}\n{err}")


@case
def file_size_limit(t):
    t.image("d", 8 * MIB)
    content = t.data("in", 8 * MIB)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (3 * MIB + 512, 3 * MIB + 512))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)

    p = t.run("write", "d", "-i", "in", "--json", status=1, says="ulimit -f", preexec_fn=limit)
    check_partial_write(t, content, json.loads(p.stdout), p.stderr.decode())


@case
def full_disk(t):
    if os.geteuid():
        raise Skipped("only root may mount a file system")
    if subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode:
        raise Skipped("this machine allows no mount namespace")
    content = t.data("in", 8 * MIB)
    os.mkdir(t.path("small"))
    script = ("mount -t tmpfs -o size=2m none small && exec 3<small &&"
              ' "$0" write small/d --create 8M -i in --json >out.json; s=$?;'
              " cp --sparse=always small/d d; exit $s")
    p = subprocess.run(["unshare", "-m", "sh", "-c", script, t.program], cwd=t.dir, timeout=240,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    t.expect(["write on a full disk"], p.returncode, p.stdout, p.stderr, 1, "file system is full")
    check_partial_write(t, content, json.loads(t.path("out.json").read_text()), p.stderr.decode())


def catches_sigint(pid):
    """Whether the process has installed its handler: before that SIGINT would kill it."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1


def interrupt(t, args, feed=None, when=lambda: True, status=130):
    """Send SIGINT to the program once it catches that and when() is true."""
    p = subprocess.Popen([t.program, *args], cwd=t.dir, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if feed:
        p.stdin.write(feed)
        p.stdin.flush()
    while p.poll() is None and not (catches_sigint(p.pid) and when()):
        os.sched_yield()
    p.send_signal(signal.SIGINT)
    try:
        out, err = p.communicate(timeout=60)
    except subprocess.TimeoutExpired as e:
        p.kill()
        raise Failed(f"{args}: not ended by SIGINT") from e
    t.expect([t.program, *args], p.returncode, out, err, status, None)
    return out, err.decode()


@case
def interrupted_write(t):
    t.image("d", 8 * MIB)
    content = random.Random(4).randbytes(MIB)

    def written():
        return t.path("d").read_bytes()[:MIB - 131072] == content[:MIB - 131072]

    out, err = interrupt(t, ["write", "d", "--json"], content, written)
    j = json.loads(out)
    same(j["status"], "interrupted", "status")
    if f"interrupted: wrote" not in err or f"({j['bytes']} bytes)" not in err:
        raise Failed(err)
    if j["bytes"] < MIB - 131072:
        raise Failed(f"only {j['bytes']} bytes: {err}")
    same(t.path("d").read_bytes()[:j["bytes"]] == content[:j["bytes"]], True, "what was written")


@case
def interrupted_at_the_start(t):
    """Nothing is done, and nothing is left."""
    content = t.data("d", MIB)
    t.path("old").write_bytes(b"old")
    for c in (["identify", "d"], ["read", "d", "-o", "out"], ["read", "d", "-o", "old"], ["read", "d"], ["write", "d", "--pattern"],
              ["write", "e", "--create", "1M", "--pattern"], ["verify", "d", "--pattern"], ["verify", "d"],
              ["bench"], ["bench", "d"], ["bench", "--ops", "submit-complete"], ["torture"],
              ["torture", "e", "--create", "1M"], ["write", "d", "--pattern", "--faults", "all=70000"]):
        for json_too in ([], ["--json"]) if c != ["read", "d"] else [[]]:
            t.run(*c, *json_too, status=130, preexec_fn=clitest.interrupted_at_once)
    same(sorted(os.listdir(t.dir)), ["d", "old"], "files")
    same((t.path("d").read_bytes() == content, t.path("old").read_bytes()), (True, b"old"), "content")


@case
def interrupted_while_nobody_is_at_a_fifo(t):
    t.data("d", MIB)
    os.mkfifo(t.path("fifo"))
    interrupt(t, ["read", "d", "-o", "fifo"], when=lambda: lock_of(t, "d"))
    interrupt(t, ["verify", "d", "-i", "fifo"], when=lambda: lock_of(t, "d"))
    interrupt(t, ["write", "e", "--create", "1M", "-i", "fifo"], when=lambda: t.path("e").exists() and lock_of(t, "e"))
    same(sorted(os.listdir(t.dir)), ["d", "fifo"], "files")


@case
def fifos(t):
    content = t.data("d", MIB)
    os.mkfifo(t.path("fifo"))
    with subprocess.Popen([t.program, "read", "d", "-o", "fifo"], cwd=t.dir, stdout=subprocess.DEVNULL) as p:
        same(t.path("fifo").read_bytes() == content, True, "what came through")
    same(p.returncode, 0, "read")
    with subprocess.Popen([t.program, "write", "e", "--create", "1M", "-i", "fifo"], cwd=t.dir, stdout=subprocess.DEVNULL) as p:
        t.path("fifo").write_bytes(content)
    same((p.returncode, t.path("e").read_bytes() == content), (0, True), "write")


@case
def failures_leave_nothing(t):
    t.data("d", MIB)
    t.path("old").write_bytes(b"old")
    for c in (["write", "e", "--create", "1M", "-i", "none"], ["write", "e", "--create", "1M", "-i", "."],
              ["read", "d", "-o", "out", "--lba", "5000"], ["read", "d", "-o", "old", "--lba", "5000"]):
        t.run(*c, status=1)
    same(sorted(os.listdir(t.dir)), ["d", "old"], "files")
    same(t.path("old").read_bytes(), b"old", "content")
    t.run("write", "old", "--create", "1M", "--force", "-i", "none", status=1)
    same(t.path("old").exists(), True, "an image that existed")


@case
def interrupted_torture_and_bench(t):
    out, err = interrupt(t, ["torture", "--json", "--commands", "900000000"])
    j = json.loads(out)
    same((j["status"], set(j["must_be_0"].values())), ("interrupted", {0}), "torture")
    interrupt(t, ["bench", "--runtime", "1000"])
    interrupt(t, ["bench", "--runtime", "1000", "--ops", "submit-complete"])


# --- bench and torture ---------------------------------------------------------------------------


@case
def bench(t):
    for ops in ["read", "write", "randread", "randwrite", "submit-complete"]:
        j = t.json("bench", "--ops", ops, "--commands", "2048")
        same((j["commands"], j["failed"], j["ops"]), (2048, 0, ops), "bench")
        for n, depth in (1, 7), (33, 32), (1000, 7), (1000, 32):
            same(t.json("bench", "--ops", ops, "-c", n, "-d", depth)["commands"], n, f"commands of {ops}, {depth} deep")
    t.image("d", MIB)
    t.run("bench", "d", "--commands", "100", says="100 commands")
    t.run("bench", "d", "--ops", "write", "--commands", "100", status=1, says="--force")
    t.run("bench", "d", "--ops", "write", "--commands", "100", "--force")
    t.run("bench", "--runtime", "0.1", "-b", "4096", "-q", "4", "-s", "64K")


@case
def torture_refuses_to_destroy(t):
    content = t.data("d", MIB)
    t.run("torture", "d", "--commands", "10", status=1, says="--force")
    same(t.path("d").read_bytes() == content, True, "the image is as it was")


@case
def torture_variants(t):
    for args in [["--seed", "5", "-q", "1", "-d", "4"],
                 ["--seed", "6", "-q", "4", "-d", "100", "-b", "4096"],
                 ["--seed", "7", "--faults", "none"],
                 ["--size", "8K"], ["--size", "512"],
                 ["d", "--create", "4M", "--faults", "all,lost-command=300"]]:
        j = t.json("torture", "--commands", "6000", *args)
        same((j["status"], j["commands"]), ("passed", 6000), f"torture {args}")
        same(set(j["must_be_0"].values()), {0}, f"torture {args}")
        if "none" in args:
            same((j["faults_injected"], j["entries_rejected"]), (0, 0), "no faults")
        elif j["entries_to_reject"] and not j["entries_rejected"]:
            raise Failed(f"nothing was rejected: {j}")


@case
def faults_repeat(t):
    """What the nth command of a queue sees is a matter of the seed alone. How many commands there
    are is not: a reset, or a slow machine, makes the driver send some of them again."""
    # Kinds that are injected whether or not the completion queue has room for more entries.
    faults = "late-phase=20000,out-of-order=30000"

    def injected(seed):
        j = t.json("torture", "--commands", "4000", "--seed", seed, "-q", "1", "-d", "16",
                   "--faults", faults, "--timeout", "10000")
        return [n for n in j["faults_by_kind"].values() if n]

    a, b = injected(9), injected(9)
    if len(a) != 2 or len(b) != 2 or any(abs(x - y) > 3 for x, y in zip(a, b)):
        raise Failed(f"faults of the same seed: {a}, {b}")


sys.exit(clitest.main(__doc__, Tool))
