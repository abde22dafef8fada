# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Boot a kernel in QEMU with an initramfs, and read the results from its log."""

import json
import os
import pathlib
import re
import socket
import subprocess
import threading
import time

from archive import command
from testlib import Count, bound

LIMIT = 60      # seconds; a guest that only loads modules needs 3


def cpio(files):
    """An initramfs (newc) of {path: bytes, or a str: the target of a symbolic link}."""
    out = bytearray()

    def entry(name, mode, data=b"", inode=[0]):
        inode[0] += 1
        fields = (inode[0], mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        out.extend(b"070701" + b"".join(b"%08x" % f for f in fields) + name.encode() + b"\0")
        out.extend(b"\0" * (-len(out) % 4))
        out.extend(data)
        out.extend(b"\0" * (-len(out) % 4))

    folders = {str(p) for name in files for p in pathlib.PurePosixPath(name).parents} - {"."}
    for folder in sorted(folders | {"dev", "proc", "sys", "tmp"}):
        entry(folder, 0o40755)
    for name, data in files.items():
        if isinstance(data, str):
            entry(name, 0o120777, data.encode())
        else:
            entry(name, 0o100755, data)
    entry("TRAILER!!!", 0)
    return bytes(out)


BUSYBOX = "/bin/busybox"

# All output goes through the kernel's log, which keeps lines whole and in order.
INIT = """#!/bin/sh
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
mount -t debugfs none /sys/kernel/debug
dmesg -n 8
exec >/tmp/out 2>&1
# The host's answers arrive here.  The file stays open so that no answer is lost between two reads.
stty -F /dev/ttyS0 -echo
exec 3</dev/ttyS0
say() { echo "holdfast guest: $*" >/dev/kmsg; }
# Has QEMU's monitor execute a command.  Any answer is an error.
host() {
	say "host: $*"
	read -r -t 60 answer <&3 && [ -z "$answer" ] && return
	echo "the host says: $answer"
	return 1
}
must() {
	"$@" && return
	say "failed: $*"
	while read -r line; do say "  $line"; done </tmp/out
	verdict=failed
}
# For the scripts of the examples: a test is a function, and fails when a command in it fails.  With 77 it is skipped.
ktap() { echo "$*" >/dev/kmsg; }
# What a failed test may have left; a script replaces it.
clean_up() { :; }
run_tests() { # SUITE TEST...
	suite=$1 n=0 result=ok
	shift
	ktap "1..1"
	ktap "    # Subtest: $suite"
	ktap "    1..$#"
	for t; do
		n=$((n + 1))
		# Not in a condition, where -e has no effect.
		(set -ex; "$t") >/tmp/test.out 2>&1
		case $? in
		0) ktap "    ok $n $t" ;;
		77) ktap "    ok $n $t # SKIP $(tail -n 1 /tmp/test.out)" ;;
		*)
			result="not ok"
			clean_up
			tail -n 25 /tmp/test.out | while read -r line; do ktap "    # $line"; done
			ktap "    not ok $n $t"
			;;
		esac
	done
	ktap "$result 1 $suite"
}
# Repeats a command until it succeeds, for a minute on a stock kernel.
wait_for() {
	i=0
	until "$@"; do
		[ $i -lt $((slower * 1200)) ]
		usleep 50000
		i=$((i + 1))
	done
}
# "!" has no effect on -e.
fails() { if "$@"; then return 1; fi; }
gone() { [ ! -e "$1" ]; }
there() { [ -e "$1" ]; }
verdict=passed
# A script that has no use for the scans, which take a third of a guest's time, sets this to nothing.
leaks=/sys/kernel/debug/kmemleak
say "begins"
. /script
if [ -e "$leaks" ]; then
	# kmemleak reports objects that two scans find unreferenced and that are at least 5 s old.
	sleep 6
	must eval "echo scan >$leaks && echo scan >$leaks"
	while read -r line; do say "$line"; done <$leaks
fi
say "verdict: $verdict"
poweroff -f
"""

# Reports of the kernel.  A log that contains one is a failure.
REPORT = re.compile(
    r"BUG:|WARNING:|Oops|Call Trace|kernel BUG|Kernel panic|general protection|invalid opcode|"
    r"INFO: (task|rcu)|soft lockup|hard LOCKUP|stack-protector|unreferenced object|"
    r"scheduling while atomic|list_(add|del) corruption|refcount_t:|DMA-API:|UBSAN|KASAN|KCSAN|"
    r"kmemleak: .*disabled")

# Exceptions: data races of the kernel itself, some of which are intended.  A report names the module.
KERNELS_OWN = re.compile(r"BUG: KCSAN: (?!.* \[(?:holdfast|hf_))")

# QEMU before 8.1 may run a stale translation after the kernel has patched its code, and so hit a breakpoint
# that was removed.  These tests set no breakpoints.
STALE = re.compile(r"Oops: int3:")


# The time stamp before each line.
STAMP = re.compile(r"^(?:\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? )?")


def report(line):
    return REPORT.search(line) and not KERNELS_OWN.match(line)


class Run:
    """The outcome of one boot."""

    def __init__(self, output, timed_out, seconds):
        self.seconds, self.timed_out = seconds, timed_out
        self.lines = [STAMP.sub("", line.rstrip("\r"), count=1)
                      for line in output.splitlines()]
        m = re.findall(r"^holdfast guest: verdict: (\w+)$", "\n".join(self.lines), re.M)
        self.verdict = m[-1] if m else None
        self.tests, self.missing = parse_ktap(self.lines)

    def hung(self):
        """Whether the guest hung or failed because of the emulator.  Such a boot is repeated once."""
        return any(STALE.search(line) for line in self.lines) or \
            self.verdict is None and not any(report(line) for line in self.lines)

    def failures(self):
        """All reasons why this run failed."""
        return self.problems() + [f"test {t.suite}/{t.name} failed" for t in self.tests
                                  if t.outcome == "failed"]

    def problems(self):
        """The same without failed tests, which are counted individually."""
        found = [f"the kernel reports: {line}" for line in self.lines if report(line)]
        found += [f"the guest says: {line}" for line in self.lines
                  if re.match(r"holdfast guest: (failed|  )", line)]
        found += self.missing
        if self.timed_out:
            found.append(f"no end within {self.seconds:.0f} s")
        if self.verdict is None:
            found.append("the guest gave no verdict")
        elif self.verdict != "passed" and not found:
            found.append(f"the guest's verdict is {self.verdict}")
        return found


class Test:
    def __init__(self, suite, name, outcome, notes):
        self.suite, self.name, self.outcome, self.notes = suite, name, outcome, notes


def parse_ktap(lines):
    """([Test], [what the plans announced and did not report])"""
    tests, missing, notes = [], [], []
    suite, suites_planned, suites_seen, planned, first = "", None, 0, None, 0
    for line in lines:
        if m := re.match(r"( *)1\.\.(\d+)$", line):
            if m[1]:
                planned = int(m[2])
            else:
                suites_planned, suites_seen = int(m[2]), 0
        elif m := re.match(r"    # Subtest: (\S+)$", line):
            suite, first, planned, notes = m[1], len(tests), None, []
        elif m := re.match(r"    (not ok|ok) \d+ (?:- )?(\S+)(?: # (SKIP)\b ?(.*))?$", line):
            outcome = "failed" if m[1] != "ok" else "skipped" if m[3] else "passed"
            tests.append(Test(suite, m[2], outcome, notes))
            notes = []
        elif m := re.match(r"(not ok|ok) \d+ (?:- )?(\S+)", line):
            suites_seen += 1
            if planned != len(tests) - first:
                missing.append(f"suite {m[2]}: {len(tests) - first} results of {planned}")
            if m[1] != "ok" and all(t.outcome != "failed" for t in tests[first:]):
                missing.append(f"suite {m[2]} failed")
            suite, planned = "", None
        elif line.startswith("    #"):
            notes.append(line.strip("# "))
    if suite:
        missing.append(f"suite {suite} ended after {len(tests) - first} results of {planned}")
    if suites_planned is not None and suites_seen != suites_planned:
        missing.append(f"{suites_seen} suites of {suites_planned}")
    return tests, missing


# Two processors; or one whose instructions take a nanosecond each, so that the clock counts instructions.
FAST = ["-accel", "tcg,thread=multi,tb-size=256", "-smp", "2"]
COUNTING = ["-accel", "tcg,tb-size=256", "-icount", "shift=0,align=off", "-smp", "1"]


def boot(kernel, script, files, limit=LIMIT, tries=2, qemu=(), processors=FAST, parameters=""):
    """Boot, run the script and return the Run.  A boot that hangs is repeated.

    The limit holds for a stock kernel; that of a slower kernel is longer.  The parameters are the kernel's.
    """
    busybox = pathlib.Path(BUSYBOX).read_bytes()
    applets = command([BUSYBOX, "--list"]).split()
    content = {"bin/busybox": busybox, **{f"bin/{a}": "busybox" for a in applets if a != "busybox"},
               "init": INIT.encode(), "script": f"slower={kernel.slower}\n{script}".encode(),
               **{name: pathlib.Path(p).read_bytes() for name, p in files.items()}}
    place = kernel.tree / "boot"
    place.mkdir(parents=True, exist_ok=True)
    initrd = place / f"initramfs-{os.getpid()}.cpio"
    initrd.write_bytes(cpio(content))
    args = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none",
            "-serial", "stdio", "-monitor", "none", "-no-reboot", "-machine", "q35",
            *processors, "-cpu", "qemu64,+rdrand", "-m", "512",
            "-kernel", kernel.image(), "-initrd", initrd, "-append",
            "console=ttyS0 quiet panic=-1 mitigations=off nokaslr tsc=reliable no_timer_check "
            f"rcupdate.rcu_expedited=1 random.trust_cpu=on printk.devkmsg=on {parameters}", *qemu]
    try:
        for attempt in range(tries):
            run = boot_once(args, limit * kernel.slower)
            if not run.hung() or attempt + 1 == tries:
                return run
            print(f"the guest stopped after {run.seconds:.0f} s; trying again", flush=True)
    finally:
        initrd.unlink()


class Monitor:
    """QEMU's monitor, on a socket that QEMU inherits."""

    def __init__(self):
        here, self.there = socket.socketpair()
        self.stream = here.makefile("rw")
        here.close()    # the stream has the descriptor now
        self.ready = False

    def args(self):
        return ["-chardev", f"socket,id=monitor,fd={self.there.fileno()}",
                "-mon", "chardev=monitor,mode=control"]

    def human(self, line):
        """The monitor's answer to this line; empty on success."""
        if not self.ready:
            self._execute("qmp_capabilities")
            self.ready = True
        return self._execute("human-monitor-command", {"command-line": line})

    def _execute(self, command, arguments={}):
        self.stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.stream.flush()
        # Events may precede the answer.
        for answer in map(json.loads, self.stream):
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                return answer["error"]["desc"]
        raise OSError("QEMU is gone")


def boot_once(args, limit):
    started = time.monotonic()
    monitor = Monitor()
    timed_out = threading.Event()
    output = b""
    with subprocess.Popen(bound([str(a) for a in args]) + monitor.args(), stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          pass_fds=[monitor.there.fileno()]) as p:
        monitor.there.close()

        def end_in(seconds):
            timer = threading.Timer(seconds, lambda: (timed_out.set(), p.kill()))
            timer.start()
            return timer

        timer, dies = end_in(limit), False
        try:
            for line in p.stdout:
                output += line
                # A task that dies may have a lock for which the others wait.
                if not dies and re.search(rb"kernel BUG at|\bOops\b", line):
                    dies = True
                    timer.cancel()
                    timer = end_in(min(LIMIT, limit))
                if m := re.match(STAMP.pattern.encode() + rb"holdfast guest: host: (.*?)\r?\n", line):
                    said = monitor.human(m[1].decode(errors="replace"))
                    p.stdin.write(" ".join(said.split()).encode() + b"\n")
                    p.stdin.flush()
        except OSError:
            pass    # QEMU ended; its output says why
        finally:
            timer.cancel()
            if not timed_out.is_set() and p.wait(LIMIT):
                output += f"QEMU ended with status {p.returncode}\n".encode()
            p.kill()
    return Run(output.decode(errors="replace"), timed_out.is_set(), time.monotonic() - started)


def programs(*paths, root="", folders=()):
    """{path in the guest: path here} of these programs and their libraries.

    root: a root folder that they are for, whose own loader finds their libraries, also in these folders of it.
    """
    ldd = ["ldd"]
    if root:
        [loader] = root.glob("lib64/ld-linux-*")
        places = [loader.resolve().parent, *(f"{root}{folder}" for folder in folders)]
        ldd = [loader, "--library-path", ":".join(str(p) for p in places), "--list"]
    files = {}
    for program in paths:
        for path in [str(program), *re.findall(r"(/\S+) \(0x", command([*ldd, program]))]:
            files[path.removeprefix(str(root)).lstrip("/")] = path
    return files


def insmod(*names):
    """Script lines that load these modules in order and unload them in reverse."""
    load = [f"must insmod /{name.split()[0]}.ko{name[len(name.split()[0]):]}" for name in names]
    return "\n".join(load + [f"must rmmod {name.split()[0]}" for name in reversed(names)]) + "\n"


# --- cases ----------------------------------------------------------------------------------------

def case(name, problems):
    """Print the result of one case that is not a unit test.  Returns its Count."""
    print(f"{'FAILED' if problems else 'ok'} {name}")
    for problem in problems[:20]:
        print(f"    {problem}")
    return Count(failed=1) if problems else Count(passed=1)


def test_cases(run):
    """Print the tests that ran in a guest, and count them.  A guest without any has failed."""
    count = Count()
    for test in run.tests:
        print(f"{'FAILED' if test.outcome == 'failed' else 'ok'} {test.suite}/{test.name}")
        if test.outcome == "failed":
            print("".join(f"    {note}\n" for note in test.notes), end="")
        count += Count(**{test.outcome: 1})
    if not run.tests:
        run.missing.append("no test ran")
    return count


def guest_case(name, run):
    count = case(f"{name} ({run.seconds:.1f} s)", run.problems())
    if count.failed:
        show_log(run)
    return count


def show_log(run):
    print("    its log:")
    print("\n".join("        " + line for line in run.lines))
