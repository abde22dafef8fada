# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Shared code of the test runners: the machine's compilers, their flags, counting, summaries."""

import concurrent.futures
import importlib.machinery
import importlib.util
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = TOP / "build"

# The headers compile without a warning under these flags, in every mode.
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wcast-qual", "-Wpedantic"]

# The analysis of ownership, loans, obligations and locks; see include/holdfast/analysis.h.
ANALYSIS = ["-Wthread-safety", "-Wthread-safety-beta", "-Wthread-safety-pointer"]
ANALYSIS_SINCE = 22


class Compiler:
    """One C compiler: its kind (gcc or clang), its major version and the command that runs it."""

    def __init__(self, kind, version, command):
        self.kind = kind
        self.version = version
        self.command = command
        self.name = f"{kind}-{version}"

    @property
    def analyses(self):
        return self.kind == "clang" and self.version >= ANALYSIS_SINCE

    def run(self, args, source=""):
        """Run it, with `source` for an input file `-`; return (exit status, what it printed)."""
        p = subprocess.run(self.command + [str(a) for a in args], cwd=TOP, text=True, input=source,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           env=dict(os.environ, LC_ALL="C"))
        return p.returncode, p.stdout

    def accepts(self, flag):
        return self.run([flag, "-fsyntax-only", "-x", "c", "/dev/null"])[0] == 0

    def matches(self, spec):
        """Whether the specification includes this compiler.

        It is `any`, `none`, `gcc` or `clang>=22`, or several of these, separated by commas.
        """
        for term in spec.split(",") if spec != "none" else []:
            m = re.fullmatch(r"\s*(any|gcc|clang)\s*(?:>=\s*(\d+))?\s*", term)
            if not m:
                raise ValueError(f"cannot read the compiler '{term.strip()}'")
            if m[1] in ("any", self.kind) and self.version >= int(m[2] or 0):
                return True
        return False


def program(path):
    """A program of ours, as a module."""
    name = str(path.relative_to(TOP)).replace("/", "_").replace("-", "_")
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


def interval(values):
    """Two of the values: the median of all such pairs is between them with 95 % probability."""
    values, k, below = sorted(values), 0, 0.0
    while (below := below + math.comb(len(values), k) / 2 ** len(values)) <= 0.025:
        k += 1
    k = max(k - 1, 0)
    return values[k], values[-1 - k]


def rustc():
    """The command of a rustc that runs, or None.  rustup's may hide Debian's, and needs a toolchain."""
    for command in ("rustc", "/usr/bin/rustc"):
        if shutil.which(command) and \
                subprocess.run([command, "--version"], capture_output=True).returncode == 0:
            return command
    return None


def compilers():
    """Every GCC and Clang of this machine, one per version, the default ones first."""
    found = {}

    def add(kind, command):
        p = subprocess.run(command + ["-dumpversion"], text=True, capture_output=True)
        major = p.stdout.strip().split(".")[0]
        if p.returncode == 0 and major.isdigit():
            found.setdefault((kind, int(major)), command)

    for kind, oldest in (("gcc", 11), ("clang", 14)):
        for name in [kind] + [f"{kind}-{v}" for v in range(oldest, 41)]:
            if shutil.which(name):
                add(kind, [name])
    for path in subprocess.run([TOP / "tools/newer", "list"], text=True,
                               capture_output=True).stdout.split():
        add(pathlib.Path(path).name.split("-")[0], [path])
    return [Compiler(kind, version, command) for (kind, version), command in found.items()]


def parallel(function, items):
    """[function(item) for item in items], in this order, on all processors."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def fixed_addresses():
    """The prefix of a command that runs without address randomisation; empty where that is forbidden.

    Sanitizers of older compilers cannot map their shadow memory on kernels that randomise more address bits.
    """
    command = ["setarch", "-R"]
    try:
        allowed = subprocess.run([*command, "true"], stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        allowed = False
    return command if allowed else []


class Count:
    """How many cases passed, failed and were skipped."""

    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def __iadd__(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        return self

    def __str__(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"

    @staticmethod
    def parse(output):
        """The last count in the output of a runner, or None."""
        m = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", output, re.M)
        return Count(*(int(n or 0) for n in m[-1])) if m else None


# The lines in which the runners here, CTest and Criterion name a failed case.
FAILED = re.compile(r" *(?:FAILED |\[FAIL\] |\d+/\d+ Test .*\*\*\*)")


def failures(output):
    """{line that names a failed case: [the lines indented below it]}"""
    found, notes, indent = {}, None, 0
    for line in output.splitlines():
        depth = len(line) - len(line.lstrip())
        if FAILED.match(line):
            # A runner that calls runners repeats their failures.
            notes = None if line.strip() in found else found.setdefault(line.strip(), [])
            indent = depth
        elif depth <= indent:
            notes = None
        elif notes is not None:
            notes.append(line.strip())
    return found


def finish(count):
    """End a runner: print the count on a line of its own, and exit with the status."""
    if count.passed + count.failed == 0:
        print("nothing was tested")
    print(count, flush=True)
    sys.exit(1 if count.failed or not count.passed else 0)


class Steps:
    """Runs commands as named steps, shows the progress, and prints a table at the end.

    The output of a step goes to a log.  The terminal shows one line per step, the end of the log of a
    failed step, and the failed cases below the table.  For other programs report.xml beside the logs has the same, in
    the form of JUnit: a suite for each step, with its numbers, its time and its failed cases.
    """

    def __init__(self, total, logs):
        self.total, self.rows, self.started = total, [], time.monotonic()
        self.failed = {}
        self.logs = logs
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir(parents=True)

    def run(self, name, commands, counter=None):
        """Run the commands of one step until one fails.

        counter(output) returns the Count of the step's cases.  Without it, the step is one case.
        """
        head = f"[{len(self.rows) + 1:2}/{self.total}] {name:<16}"
        log = self.logs / f"{name}.log"
        start = time.monotonic()
        self._show(head)
        with open(log, "w") as f:
            status = 0
            for command in commands:
                status = self._run(command, f, head, start)
                if status:
                    break
        output = log.read_text(errors="replace")
        count = (counter(output) if counter else None) or Count(passed=0 if status else 1)
        if status and not count.failed:
            count.failed = 1
        if not count.passed and not count.failed and not count.skipped:
            count.failed = 1    # a step that tested nothing, without a reason
        seconds = time.monotonic() - start
        self.rows.append((name, count, seconds))
        self._end(f"{head} {count} ({seconds:.0f} s)")
        if count.failed:
            lines = output.rstrip().splitlines()
            print("\n".join("    " + line for line in lines[-40:]))
            self.failed[name] = failures(output)
            print(f"    full output: {log.relative_to(TOP)}", flush=True)

    def finish(self):
        total = Count()
        print(f"\n{'group':<16} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8}")
        for name, count, seconds in self.rows:
            print(f"{name:<16} {count.passed:>7} {count.failed:>7} {count.skipped:>8} "
                  f"{seconds:>8.0f}")
            total += count
        print(f"{'all':<16} {total.passed:>7} {total.failed:>7} {total.skipped:>8} "
              f"{time.monotonic() - self.started:>8.0f}\n")
        self._report(total)
        for name, cases in self.failed.items():
            print(f"failed in {name}:")
            for case, notes in list(cases.items())[:20]:
                if len(notes) > 8:
                    notes = notes[:4] + ["..."] + notes[-4:]
                print("\n        ".join(["    " + case, *notes]))
            print()
        finish(total)

    def _report(self, total):
        def numbers(count):
            return {"tests": str(count.passed + count.failed + count.skipped), "failures": str(count.failed),
                    "skipped": str(count.skipped)}

        def printable(text):
            return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)

        report = ET.Element("testsuites", name="holdfast", **numbers(total))
        for name, count, seconds in self.rows:
            suite = ET.SubElement(report, "testsuite", name=name, time=f"{seconds:.1f}", **numbers(count))
            cases = self.failed.get(name, {})
            for case, notes in cases.items():
                ET.SubElement(ET.SubElement(suite, "testcase", classname=name, name=printable(case)), "failure",
                              message=printable(notes[0] if notes else case)).text = printable("\n".join(notes))
            if not cases:
                case = ET.SubElement(suite, "testcase", classname=name, name=name, time=f"{seconds:.1f}")
                if count.failed:
                    ET.SubElement(case, "failure", message=f"see {name}.log")
        ET.ElementTree(report).write(self.logs / "report.xml", encoding="utf-8", xml_declaration=True)

    def _run(self, command, log, head, start):
        log.write("$ " + " ".join(str(c) for c in command) + "\n")
        log.flush()
        with subprocess.Popen(bound([str(c) for c in command]), cwd=TOP, stdin=subprocess.DEVNULL,
                              stdout=log, stderr=subprocess.STDOUT) as p:
            # A terminal shows the seconds; a file gets a line per minute.
            every = 1 if sys.stdout.isatty() else 60
            while True:
                try:
                    return p.wait(every)
                except subprocess.TimeoutExpired:
                    seconds = f"{time.monotonic() - start:.0f} s"
                    if sys.stdout.isatty():
                        self._show(f"{head} {seconds}  {last_line(log.name)}")
                    else:
                        print(f"{head} ... {seconds}", flush=True)

    @staticmethod
    def _show(line):
        if sys.stdout.isatty():
            width = shutil.get_terminal_size().columns
            print("\r\033[K" + line[:width - 1], end="", flush=True)

    @staticmethod
    def _end(line):
        print(("\r\033[K" if sys.stdout.isatty() else "") + line, flush=True)


def bound(command):
    """This command, so that it ends when its parent does, however that ends."""
    return (["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []) + command


def last_line(path):
    with open(path, "rb") as f:
        f.seek(max(0, os.path.getsize(path) - 400))
        lines = f.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
