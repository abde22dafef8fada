#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Tests of hfbinder: its command line, its server, and clients that the server cannot trust.

    cli.py DIRECTORY [CASE...]      all cases, or the named ones, of the programs in this directory
    cli.py --list                   the names

Exit status: 0 passed, 1 failed (what failed is printed), 77 a single case cannot run here.
"""

import array
import contextlib
import ctypes
import json
import mmap
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "cli"))
import clitest  # noqa: E402
from clitest import NAMES, Failed, Skipped, case, harmless, same  # noqa: E402


class Server:
    """hfbinder serve, until the block ends: then nothing may be left."""

    def __init__(self, tool, name="device"):
        self.path = str(tool.path(name))
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([tool.program, "serve", self.path], stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        harmless(line.encode(), "what the server says")
        if not line.startswith("serving "):
            raise Failed(f"the server says {line!r}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.process.terminate()
        out, _ = self.process.communicate()
        self.errors.seek(0)
        err = self.errors.read().decode()
        if kind:
            print(f"the server said:\n{out}{err}")
            return
        same((self.process.returncode, err), (0, ""), "the end of the server")
        if "must be 0: 0 allocations left" not in out:
            raise Failed(f"the server said: {out}")
        same(os.path.exists(self.path), False, f"{self.path} is still there")


@contextlib.contextmanager
def ends(process):
    """End the process with the block."""
    try:
        yield
    finally:
        process.terminate()


class Tool(clitest.Tool):
    """The programs, and a directory for their files."""

    def __init__(self, programs, directory):
        super().__init__(f"{programs}/hfbinder", directory)
        self.shim = f"{programs}/libhfbinder.so"
        self.user = f"{programs}/binder-user"


# --- the command line ----------------------------------------------------------------------------


@case
def help_of_all(t):
    commands = re.findall(r"^  (\w+)  ", t.text("--help", says="Exit status"), re.MULTILINE)
    same({"serve", "ping", "list", "call"} - set(commands), set(), "commands that are missing")
    for c in commands:
        t.run(c, "--help", says=["Usage: hfbinder " + c, "--help"])


@case
def bad_arguments(t):
    for args, says in [
        ([], "command is missing"),
        (["frobnicate"], "no command 'frobnicate'"),
        (["--frob"], "no option --frob"),
        (["ping"], "name of the device is missing"),
        (["ping", ""], "name of the device is empty"),
        (["list", "d", "e"], "too many: 'e'"),
        (["serve", "d", "e"], "too many: 'e'"),
        (["ping", "d", "--frob"], "no option --frob"),
        (["ping", "d", "-X"], "no option -X"),
        (["ping", "d", "--quiet=1"], "takes no value"),
        (["ping", "d", "--oneway"], "--oneway means nothing here"),
        (["ping", "d", "--aidl"], "--aidl: its value is missing"),
        (["ping", "d", "--aidl", "4"], "--aidl: '4' is not a number from 1 to 3"),
        (["ping", "d", "--aidl", "0"], "--aidl: '0' is not a number from 1 to 3"),
        (["call", "d", "x"], "an argument is missing"),
        (["call", "d", "x", "y"], "CODE: 'y' is not the number of a method"),
        (["call", "d", "x", "0x100000000"], "CODE: '0x100000000' is not"),
        (["call", "d", "x", "010"], "CODE: '010' is not"),
        (["call", "--", "d", "x", "1", "i32", "-010"], "i32: '-010' is not"),
        (["call", "--", "d", "x", "1", "i32", "- 1"], "i32: '- 1' is not"),
        (["call", "--", "d", "x", "1", "i64", "--1"], "i64: '--1' is not"),
        (["call", "d", "x", "1", "i64", "9223372036854775808"], "i64: '9223372036854775808' is not"),
        (["torture", "d", "--seed", "18446744073709551616"], "--seed: '18446744073709551616' is not a number"),
        (["torture", "d", "--seconds", "+1"], "--seconds: '+1' is not a number from 1 to 86400"),
        (["torture", "d", "--commands", "0"], "--commands: '0' is not a number from 1 on"),
        (["call", "d", "x", "1", "i8", "1"], "ARGUMENT: 'i8' is not i32"),
        (["call", "d", "x", "1", "i32"], "i32: its value is missing"),
        (["call", "d", "x", "1", "i32", "2147483648"], "i32: '2147483648' is not a number of 32 bits"),
        (["call", "d", "x", "1", "i64", "1x"], "i64: '1x' is not a number of 64 bits"),
        (["bench", "1", "2", "3", "4", "5"], "too many: '5'"),
        (["bench", "d", "--calls", "15"], "--calls: '15' is not a number from 16 to 10000"),
        (["bench", "d", "--rounds", "0"], "--rounds: '0' is not a number from 1 to 100"),
    ]:
        t.run(*args, status=2, says=says)


@case
def bad_devices(t):
    t.run("ping", "nothing", status=1, says=["nothing: there is no such file", "modprobe binder_linux", "hfbinder serve"])
    t.run("ping", "/dev/null", status=1, says="/dev/null: this is no binder device")
    t.run("ping", ".", status=1, says=".: Is a directory")
    t.run("call", "nothing", "x", "1", "fd", "none", status=1, says="none: No such file")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
        s.bind(str(t.path("socket")))
        t.run("ping", "socket", status=1, says=["socket: no server is there", "hfbinder serve socket"])
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.bind(str(t.path("stream")))
        s.listen()
        t.run("ping", "stream", status=1, says="stream: no server is there")


@case
def bad_permission(t):
    if os.geteuid():
        raise Skipped("only root may become somebody else")
    with Server(t) as s:
        os.chmod(t.dir, 0o755)
        os.chmod(s.path, 0o700)
        t.run("ping", s.path, status=1, says="permission denied", user=65534, group=65534)


@case
def streams_that_are_closed(t):
    """None of them becomes the device; what could not be said is a failure."""
    with Server(t) as s:
        for closed, options in clitest.closed_streams():
            status = 1 if 1 in closed else 0
            t.run("demo", s.path, status=status, **options)
            t.run("bench", s.path, "--quiet", "--json", "--rounds", "1", "--calls", "16", status=status, **options)
            t.run("bench", s.path, "--rounds", "1", "--calls", "16", status=1 if {1, 2} & set(closed) else 0, **options)
            t.run("ping", s.path, status=1, **options)
            t.run("--help", status=status, **options)
    for closed, options in clitest.closed_streams():
        if 1 in closed:
            t.run("serve", "d", status=1, **options)
            same(t.path("d").exists(), False, "the path is left")


@case
def streams_that_cannot_be_written(t):
    with Server(t) as s:
        for stream, why in clitest.unwritable():
            for c in (["demo", s.path], ["bench", s.path, "--quiet", "--rounds", "1", "--calls", "16"], ["serve", "d"], ["--help"],
                      ["call", "--help"]):
                t.run(*c, status=1, says=f"standard output: {why}", stdout=stream)
            t.run("bench", s.path, "--rounds", "1", "--calls", "16", status=1, stderr=stream)
    same(t.path("d").exists(), False, "the path is left")


@case
def names_of_any_bytes(t):
    for name in NAMES:
        if b"\n" in name:
            continue    # the first line that the server prints is its path
        text = name.decode(errors="surrogateescape")
        with Server(t, text) as s:
            lost = "".join("\ufffd" if "\udc80" <= c <= "\udcff" else c for c in s.path)
            p = t.run("bench", os.fsencode(s.path), "--json", "--rounds", "1", "--calls", "16")
            same({json.loads(line)["device"] for line in p.stdout.decode().splitlines()}, {lost}, "the device")
            harmless(p.stdout, "JSON")
            with subprocess.Popen([t.program, "manager", s.path], stdout=subprocess.PIPE) as manager, ends(manager):
                harmless(manager.stdout.readline(), "what the manager says")
                for c in (["ping", os.fsencode(s.path), name],
                          ["call", os.fsencode(s.path), b"manager", b"1", b"fd", b"none" + name],
                          ["call", os.fsencode(s.path), name, b"1"]):
                    p = t.run(*c, status=1)
                    harmless(p.stderr, c)
                    same(len(p.stderr.splitlines()), 1, f"lines of {p.stderr}")
        for c in (["ping", name, name, name], ["call", name, name, name], [name], ["ping", name, b"--" + name]):
            harmless(t.run(*c, status=2).stderr, c)


@case
def bad_paths_to_serve(t):
    t.path("file").touch()
    for path, says in [
        ("file", "file: it exists"),
        ("none/d", "none/d: No such file"),
        ("x" * 108, "the path has 108 bytes; a socket's may have 107"),
    ]:
        t.run("serve", path, status=1, says=says)
    same(t.path("file").exists(), True, "the file")
    with Server(t) as s:
        t.run("serve", s.path, status=1, says=f"{s.path}: it exists")


@case
def server_that_was_killed(t):
    s = Server(t)
    s.process.kill()
    s.process.wait()
    t.run("ping", s.path, status=1, says="no server is there")
    with Server(t):
        t.run("ping", s.path, status=1, says="the service manager is not there")


@case
def no_manager(t):
    with Server(t) as s:
        for args in (["ping"], ["list"], ["call", "manager", "1"], ["ping", "x"], ["call", "x", "1"]):
            t.run(args[0], s.path, *args[1:], status=1, says=["the service manager is not there", "hfbinder manager"])


# --- the driver in the server --------------------------------------------------------------------


@case
def exchanges(t):
    """What the drivers of the kernel are tested by, with the same program."""
    with Server(t) as s:
        p = subprocess.run([t.user, s.path, "server"], stdout=subprocess.PIPE, text=True,
                           env={**os.environ, "LD_PRELOAD": t.shim, "HFBINDER_BUSY": "1"})
    lines = p.stdout.splitlines()
    good = sum(re.match(r" +ok ", line) is not None for line in lines)
    if p.returncode or lines[-1] != "ok 1 server" or f"    1..{good}" not in lines or not good:
        raise Failed("\n".join(line for line in lines if not re.match(r" +ok ", line)))


@case
def bench(t):
    """Each row, on two devices and in each round."""
    with Server(t, "a") as a, Server(t, "b") as b:
        lines = t.text("bench", a.path, b.path, "--json", "--rounds", "2", "--calls", "37", says="14 of 14 rows").splitlines()
        table = t.text("bench", a.path, "--quiet", "--rounds", "1", "--calls", "16").splitlines()
    rounds = [json.loads(line) for line in lines]
    same({r["calls"] for r in rounds}, {37}, "the calls of a row")
    same(len({(r["what"], r["bytes"], r["pairs"], r["device"], r["round"]) for r in rounds}), 14 * 2 * 2, "the rounds")
    same([r for r in rounds if not 0 < r["ns_median"] <= r["ns_99_percent"] or r["ns_a_call"] <= 0], [], "wrong times")
    same(len(table), 1 + 14, "the lines of the table")


@case
def services(t):
    with Server(t) as s:
        with subprocess.Popen([t.program, "manager", s.path], stdout=subprocess.PIPE, text=True) as manager, ends(manager):
            same(manager.stdout.readline(), f"manages {s.path}\n", "what the manager says")
            t.run("ping", s.path, says="manager answers after")
            same(t.text("list", s.path), "", "the services")
            for aidl in "123":
                for args in (["ping"], ["call"]):
                    t.run(args[0], s.path, "nobody", *(["1"] if args[0] == "call" else []), "--aidl", aidl, status=1,
                          says=["knows no service 'nobody'", f"hfbinder list {s.path}"])
            t.run("call", s.path, "manager", "99", status=1, says="manager answers with the status -")
            t.run("demo", s.path, status=1, says="it has a service manager")


WAITS = """
import fcntl, mmap, os, select, struct, sys
read, write, kind, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
fd = os.open(path, os.O_RDWR)
mapping = mmap.mmap(fd, 65536, mmap.MAP_PRIVATE, mmap.PROT_READ)
fcntl.ioctl(fd, 0x40046207, struct.pack("=I", 0))
def wait(seconds):
    if kind == "select":
        return select.select([fd, read], [], [], seconds)[0]
    if kind == "poll":
        p = select.poll()
        p.register(fd, select.POLLIN)
        p.register(read, select.POLLIN)
        return [f for f, _ in p.poll(None if seconds is None else seconds * 1000)]
    return [f for f, _ in e.poll(seconds)]
if kind == "epoll":
    e = select.epoll()
    e.register(fd, select.EPOLLIN)
    e.register(read, select.EPOLLIN)
assert wait(0) == [], "nothing is there"
os.write(write, b"x")
assert wait(None) == [read], "the pipe"
os.read(read, 1)
print("waits", flush=True)
assert wait(None) == [fd], "a call"
assert wait(0) == [fd], "the call is still there"
os.write(write, b"x")
assert sorted(wait(None)) == sorted([fd, read]), "both"
print("good", flush=True)
"""


@case
def ways_to_wait(t):
    """poll(), select() and epoll() of a device together with another file."""
    with Server(t) as s:
        for kind in ("poll", "select", "epoll"):
            read, write = os.pipe()
            with subprocess.Popen([sys.executable, "-c", WAITS, str(read), str(write), kind, s.path], text=True,
                                  stdout=subprocess.PIPE, pass_fds=(read, write),
                                  env={**os.environ, "LD_PRELOAD": t.shim}) as waiter:
                same(waiter.stdout.readline(), "waits\n", f"{kind}()")
                # It does not answer.
                with subprocess.Popen([t.program, "ping", s.path], stderr=subprocess.DEVNULL) as caller:
                    same(waiter.stdout.readline(), "good\n", f"{kind}()")
                    waiter.wait()
                same(caller.returncode, 1, "the call of who does not answer")
            os.close(read)
            os.close(write)


@case
def demo(t):
    with Server(t) as s:
        t.run("demo", s.path, says=["client 5 was killed: the service was told of its death",
                                    "4 clients had 8000 answers; must be 0: 0 wrong answers, 0 deaths not told, 0 told twice"])
    t.run("demo", "nothing", status=1, says="nothing: there is no such file")


# --- clients that the server cannot trust --------------------------------------------------------

WIRE = struct.Struct("=IIIiBBHIQQQQ")
OPEN = 0x68666201
THREAD, INTERRUPT, IOCTL, MMAP, MUNMAP, FLUSH, POLL, ANSWER, DONE, SLEEPS, FD_GET, FD_RESERVE, FD_FILL, FD_GIVE_BACK = \
    range(OPEN + 1, OPEN + 15)
KINDS = range(OPEN - 1, FD_GIVE_BACK + 2)

WRITE_READ, VERSION, SET_MANAGER = 0xc0306201, 0xc0046209, 0x4018620d
BC_TRANSACTION, BC_REPLY, BR_TRANSACTION = 0x40406300, 0x40406301, 0x80407202


def message(kind, tid=0, number=0, result=0, nonblocking=0, prot=0, call=0, address=0, size=0, offset=0):
    """A call says when it sleeps."""
    return WIRE.pack(kind, tid, number, result, nonblocking, 1, 0, prot, call, address, size, offset)


def send(sock, data, *fds):
    sock.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else [])


class Memory:
    """Bytes of all clients, and where they are.  They stay: the server may write them until it is told to end."""
    all = mmap.mmap(-1, 16 << 20)
    base = ctypes.addressof(ctypes.c_char.from_buffer(all))
    used = 0

    def __init__(self, content):
        self.at, self.size = Memory.used, len(content)
        self.address = Memory.base + self.at
        Memory.used += (len(content) + 7) & ~7
        Memory.all[self.at:Memory.used] = content.ljust(Memory.used - self.at, b"\0")

    def content(self):
        return Memory.all[self.at:self.at + self.size]


class Raw:
    """A client without the shim, which says what it likes, and is a process of its own for the server."""
    room = None     # of its channels, for what the server sends

    def __init__(self, path):
        self.word = Memory(struct.pack("=I", OPEN))
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.channels = []
        connected, tells = os.pipe()
        self.process = os.fork()
        if not self.process:
            # What is sent and received here is as if this process did it.  It ends with this one (PR_SET_PDEATHSIG).
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
            self.sock.connect(path)
            os.write(tells, b"x")
            os.closerange(3, self.sock.fileno())
            os.closerange(self.sock.fileno() + 1, 4096)
            while True:
                signal.pause()
        os.read(connected, 1)
        os.close(connected)
        os.close(tells)

    def open(self):
        self.sock.send(message(OPEN, number=os.O_RDWR, address=self.word.address))
        same(WIRE.unpack(self.sock.recv(200))[0:4:3], (DONE, 0), "the answer to WIRE_OPEN")
        return self

    def thread(self, tid=1):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if self.room is not None:
                theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.room)
            send(self.sock, message(THREAD, tid=tid), theirs.fileno())
        self.channels.append(ours)
        return ours

    def close(self):
        for sock in [self.sock, *self.channels]:
            sock.close()
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        self.process = None


def await_end(sock):
    """The server closes it, after all that it says."""
    try:
        while sock.recv(200):
            pass
    except ConnectionResetError:
        pass


def end(sock):
    """The server closes it at the latest for this."""
    try:
        sock.send(b"x")
    except BrokenPipeError:
        pass
    await_end(sock)


def serves(s):
    """The server still serves others."""
    client = Raw(s.path).open()
    channel = client.thread()
    version = Memory(bytes(4))
    channel.send(message(IOCTL, number=VERSION, address=version.address, call=1))
    same(WIRE.unpack(channel.recv(200))[0:4:3], (DONE, 0), "the answer to BINDER_VERSION")
    same(version.content(), struct.pack("=I", 8), "the version")
    client.close()


@case
def garbage_as_a_file(t):
    good = message(OPEN)
    fd = os.open("/dev/null", os.O_RDONLY)
    with Server(t) as s:
        for opens in (False, True):
            for data, fds in [(b"x", []), (good[:-1], []), (good + b"x", []), (good * 100, []), (good, [fd] * 20),
                              (message(OPEN, address=8), []), (message(THREAD, tid=1), [])]:
                client = Raw(s.path)
                if opens:
                    client.open()
                send(client.sock, data, *fds)
                end(client.sock)
                serves(s)
                client.close()
            # Any kind, with and without a descriptor.
            for kind in KINDS:
                for fds in ([], [fd]):
                    client = Raw(s.path)
                    if opens:
                        client.open()
                    send(client.sock, message(kind, 1, 2, 3, 1, 5, 6, 7, 8, 9), *fds)
                    end(client.sock)
                    serves(s)
                    client.close()
    os.close(fd)


@case
def garbage_as_a_thread(t):
    good = message(IOCTL, number=VERSION)
    fd = os.open("/dev/null", os.O_RDONLY)
    with Server(t) as s:
        for data, fds in [(b"x", []), (good[:-1], []), (good + b"x", []), (message(ANSWER), [fd]), (message(DONE), [])]:
            client = Raw(s.path).open()
            channel = client.thread()
            send(channel, data, *fds)
            await_end(channel)
            serves(s)
            client.close()
        # Bad addresses and numbers, in any call.
        client = Raw(s.path).open()
        channel = client.thread()
        for kind in (IOCTL, MMAP, MUNMAP, FLUSH, POLL):
            for number in (0, 1, 2, WRITE_READ, SET_MANAGER, 0xffffffff):
                for address in (0, 8, 1 << 47, (1 << 64) - 1):
                    for size in (0, 4096, (1 << 64) - 1):
                        channel.send(message(kind, number=number, address=address, size=size, offset=size, nonblocking=1))
                        answer = DONE + 1
                        while answer == SLEEPS:
                            answer, came, *_ = socket.recv_fds(channel, 200, 1)
                            answer = WIRE.unpack(answer)[0]
                            for got in came:
                                os.close(got)
                        same(answer, DONE, "the answer")
        client.close()
        serves(s)
    os.close(fd)


@case
def thousands_of_threads(t):
    with Server(t) as s:
        clients = []
        for _ in range(4):
            client = Raw(s.path).open()
            clients.append(client)
            for tid in range(1000):
                ours = client.thread(tid // 2)
                # Those that cannot be served find their channel closed.
                try:
                    ours.send(message(IOCTL, number=VERSION, address=8))
                except BrokenPipeError:
                    pass
        serves(s)
        for client in clients:
            client.close()
        serves(s)


@case
def hundreds_of_files(t):
    with Server(t) as s:
        clients = [Raw(s.path) for _ in range(600)]
        # One process has so many; others are served.
        t.run("ping", s.path, status=1, says="the service manager is not there")
        for client in clients:
            client.close()
        serves(s)


def transaction(command, data=b"", objects=(), handle=0):
    memory, offsets = Memory(data), Memory(struct.pack(f"={len(objects)}Q", *objects))
    return struct.pack("=IQQIIiIQQQQ", command, handle, 0, 0, 0x10, 0, 0, len(data), 8 * len(objects),
                       memory.address, offsets.address)


def exchange(channel, commands, room, nonblocking):
    """BINDER_WRITE_READ: what is read, and where it will be if the call sleeps."""
    written, read = Memory(commands), Memory(bytes(room))
    wr = Memory(struct.pack("=6Q", len(commands), 0, written.address, room, 0, read.address))
    channel.send(message(IOCTL, number=WRITE_READ, address=wr.address, nonblocking=nonblocking, call=7))
    return read


def steps(t, s):
    """Two processes, one of which sends the other a file: all the states in which a client can be."""
    server, client = Raw(s.path), Raw(s.path)
    file = struct.pack("=IIQQ", 0x66642a85, 0, 0, 0)

    def map_it(who, channel):
        channel.send(message(MMAP, number=2, prot=1, address=1 << 40, size=65536))
        data, fds, *_ = socket.recv_fds(channel, 200, 1)
        for fd in fds:
            os.close(fd)
        same(WIRE.unpack(data)[0:4:3], (DONE, 0), "the answer to mmap()")

    def answer(channel):
        data, fds, *_ = socket.recv_fds(channel, 200, 1)
        for fd in fds:
            os.close(fd)
        return WIRE.unpack(data)

    yield (server, client)
    server.open()
    yield
    a = server.thread(1)
    yield
    map_it(server, a)
    yield
    manager = Memory(struct.pack("=IIQQ", 0, 0x100, 0, 0))
    a.send(message(IOCTL, number=SET_MANAGER, address=manager.address))
    same(answer(a)[0:4:3], (DONE, 0), "the answer to BINDER_SET_CONTEXT_MGR_EXT")
    yield
    exchange(a, struct.pack("=I", 0x630c), 256, False)
    same(answer(a)[0], SLEEPS, "the manager's thread")
    yield
    client.open()
    b = client.thread(1)
    map_it(client, b)
    # The first call of a thread does not sleep.
    exchange(b, b"", 256, True)
    same(answer(b)[0], DONE, "the first call")
    yield
    exchange(b, transaction(BC_TRANSACTION, file, [0]), 256, False)
    same(answer(b)[0], FD_GET, "what the caller is asked")
    yield
    send(b, message(ANSWER), os.open("/dev/null", os.O_RDONLY))
    same(answer(b)[0], SLEEPS, "the caller")
    yield
    same(answer(a)[0], FD_RESERVE, "what the manager is asked")
    yield
    a.send(message(ANSWER, result=5))
    same(answer(a)[0], FD_FILL, "what the manager is asked then")
    yield
    a.send(message(ANSWER))
    same(answer(a)[0:4:3], (DONE, 0), "the call of the manager")
    yield
    exchange(a, transaction(BC_REPLY), 0, False)
    same(answer(a)[0:4:3], (DONE, 0), "the reply")
    yield
    same(answer(b)[0:4:3], (DONE, 0), "the call")
    yield


@case
def clients_that_end_at_any_point(t):
    with Server(t) as s:
        last = len(list(steps(t, s)))
    with Server(t) as s:
        for stop in range(1, last + 1):
            for order in ((0,), (1,), (0, 1), (1, 0)):
                play = steps(t, s)
                both = next(play)
                for _ in range(stop - 1):
                    next(play)
                for i in order:
                    both[i].close()
                serves(s)
                for client in both:
                    client.close()
                serves(s)


@case
def answers_that_are_wrong(t):
    """A file that is not sent, a number that nobody knows, and an end in the middle."""
    with Server(t) as s:
        for wrong in (message(ANSWER), message(ANSWER, result=-9), message(ANSWER, result=-1 << 31), message(IOCTL), b"x"):
            for stop in (8, 10, 11):
                play = steps(t, s)
                both = next(play)
                for _ in range(stop - 1):
                    next(play)
                both[stop == 8].channels[0].send(wrong)
                serves(s)
                for client in both:
                    client.close()
                serves(s)


@case
def clients_that_read_nothing(t):
    """The server waits for none of them: with its answer, with what it asks for, or when it ends."""
    clients = []
    with Server(t) as s:
        for calls in range(12):
            play = steps(t, s)
            both = next(play)
            both[1].room = 0
            for _ in range(6):
                next(play)
            channel = both[1].channels[0]
            version = Memory(bytes(4))
            # The server may have ended it already.
            with contextlib.suppress(ConnectionError):
                for _ in range(calls):
                    channel.send(message(IOCTL, number=VERSION, address=version.address))
                exchange(channel, transaction(BC_TRANSACTION, struct.pack("=IIQQ", 0x66642a85, 0, 0, 0), [0]), 256, False)
            serves(s)
            # The next one can be the manager.
            both[0].close()
            clients.append(both[1])
            serves(s)
    for client in clients:
        client.close()


@case
def server_that_ends_while_clients_wait(t):
    with Server(t) as s:
        client = Raw(s.path).open()
        channel = client.thread()
        exchange(channel, b"", 256, True)
        same(WIRE.unpack(channel.recv(200))[0], DONE, "the first call")
        exchange(channel, struct.pack("=I", 0x630c), 256, False)
        same(WIRE.unpack(channel.recv(200))[0], SLEEPS, "the call")
        s.process.send_signal(signal.SIGINT)
        await_end(channel)
    client.close()


sys.exit(clitest.main(__doc__, Tool))
