#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Wrong drivers: what a kernel with sanitizers says of them, and what Holdfast says of the same mistake.

tests/kernel/wrong/ROW_raw.c, or ROW_DETAIL_raw.c, is a module in kernel C whose init commits a bug.  Its
first lines say:

    // wrong: a lock that nobody initialised             the mistake
    // report: INFO: trying to register                  what the kernel's log must have
    // refused: tests/misuse/lock_never_initialised.c    the same mistake, which does not compile here
    // stopped: lock violation                           what the log of ROW_hf.c, ROW_DETAIL_hf.c has

The last two are optional, but not both.  `report` and `stopped` are regular expressions.  That a program of
tests/misuse is refused is tested there; here it is compiled for its message.  The table in docs/wrong.md must
agree; the group leaves one in build/wrong.md.

    tools/wrong.py ROW...

tries those drivers only, whose names begin so, and prints their rows.
"""

import os
import re
import sys

from boot import boot, case, insmod, show_log
from kernels import build
from sanitizers import Sanitized
from testlib import ANALYSIS, BUILD, TOP, WARNINGS, Count, compilers, finish, program

FOLDER = TOP / "tests/kernel/wrong"
PAGE = TOP / "docs/wrong.md"
HEAD = "| case | the mistake | the kernel, at run time | Holdfast |\n|---|---|---|---|\n"

# Seconds, which boot() multiplies by 4 for this kernel.  A guest needs 12 seconds, and 25 with kmemleak's scans;
# with 30 other processes on two processors it needed 385.
GUEST_LIMIT = 240

# Each has a file, at least.
ROWS = ("own", "slice", "foreign", "irq", "work", "timer", "thread", "revocable", "rcu", "ref", "lock",
        "member", "map", "idmap", "dyn", "sleep", "dma", "file")

MISUSE = program(TOP / "tests/misuse/run")


class Wrong:
    def __init__(self, path):
        self.path, self.name = path, path.stem.removesuffix("_raw")
        tags = dict(re.findall(r"^// (wrong|report|refused|stopped): (.+)", path.read_text(), re.M))
        self.mistake, self.report = tags.get("wrong"), tags.get("report")
        self.refused, self.stopped = tags.get("refused"), tags.get("stopped")

    def problems(self):
        if not self.mistake or not self.report or not (self.refused or self.stopped):
            return ["its first lines must say: wrong, report, and refused or stopped"]
        return [f"there is no {p}" for p in (self.refused, self.stopped and FOLDER / f"{self.name}_hf.c")
                if p and not (TOP / p).is_file()]

    def expected(self):
        """The regular expressions of which one matches what Holdfast says."""
        tags = MISUSE.Case(TOP / self.refused).tags if self.refused else {}
        return [r for key in ("expect", "expect-gcc", "expect-clang", "query") for r in tags.get(key, [])] + \
            ([self.stopped] if self.stopped else [])

    def message(self):
        """(who refuses the program, its message), or None if none of those is here."""
        misuse = MISUSE.Case(TOP / self.refused)
        flags = ["-std=gnu11", "-Iinclude", "-DMISUSE", *misuse.flags]
        for c in compilers():
            if c.matches(misuse.compilers):
                _, output = c.run([*flags, "-O0", "-c", "-o", os.devnull, *WARNINGS, *MISUSE.analysis(c),
                                   misuse.path])
                return f"{c.kind.replace('gcc', 'GCC').replace('clang', 'Clang')} {c.version}", \
                    first(misuse.expected(c), output.splitlines())
        query = MISUSE.CHECK.find_tools(["query"])[0] if misuse.tags["query"] else None
        if not query:
            return None
        found = [line for f in query[0].check(misuse.path, flags, TOP) for line in f.text.splitlines()]
        return "clang-query", first(misuse.tags["query"], found)


def first(patterns, lines):
    """The first line that one of these matches, without its place and the name of its warning or module."""
    for line in lines:
        if any(re.search(p, line) for p in patterns):
            line = re.sub(r"^\S+:\d+:(\d+:)? ((fatal )?(error|warning): )?|^holdfast guest: ", "", line)
            return re.sub(r" \[[\w=-]+\]$", "", line)
    return None


def cell(text):
    """Code in a table, without what each build or run has of its own: addresses, sizes, folders, processes."""
    text = re.sub(r"(\.(constprop|isra|part)\.\d+)?\+0x[0-9a-f]+/0x[0-9a-f]+", "", text)
    text = re.sub(r"\b(0x)?[0-9a-f]{12,}\b", "...", text)
    text = re.sub(r"(?<!\S)/\S*/|: \w+/\d+/0x[0-9a-f]+$", "", text)
    return "`" + text.strip().replace("`", "'").replace("\\'", "'").replace("|", r"\|") + "`"


def group(kernel):
    """drivers with a bug: the kernel reports it, and Holdfast refuses it (debug only)"""
    cases = [Wrong(p) for p in sorted(FOLDER.glob("*_raw.c"))]
    there = {w.name.split("_")[0] for w in cases}
    count = case("each row has a driver, and each driver a row",
                 [f"not both: {r}" for r in there ^ set(ROWS)])
    tried, rows = attempt(kernel, cases)
    count += tried
    (BUILD / "wrong.md").write_text(HEAD + "".join(rows))
    count += case(f"{PAGE.relative_to(TOP)} has the table that is in build/wrong.md", stale(cases))
    return count


def attempt(kernel, cases):
    """(Count, [row of the table])"""
    modules, complaints = build(kernel, "release", "tests/kernel/wrong", sparse=True)
    count = case("the wrong drivers build silently", complaints)
    checked, _ = build(kernel, "debug", "tests/kernel/wrong")
    rows = []
    for w in cases:
        problems, row, runs = w.problems(), None, []
        if not problems:
            row, problems, runs = compare(kernel, w, modules, checked)
        count += case(f"{w.name} ({sum(run.seconds for run in runs):.1f} s)", problems)
        for run in runs if problems else ():
            show_log(run)
        rows.append(f"| {' | '.join(row)} |\n" if row else "")
        print(rows[-1], end="", flush=True)
    return count, rows


def compare(kernel, w, modules, checked):
    """(the row of the table, [what is wrong], [boot])"""
    problems, said = [], []
    runs = [guest(kernel, w, "raw", modules)]
    report = first([w.report], runs[0].lines)
    if not report or not runs[0].failures():
        problems.append(f"the kernel does not report '{w.report}'")
    if w.refused and (refusal := w.message()):
        if not refusal[1]:
            problems.append(f"{refusal[0]} does not refuse {w.refused}")
        said.append(f"{refusal[0]}: {cell(refusal[1] or '')}")
    if w.stopped:
        runs.append(guest(kernel, w, "hf", checked, "holdfast"))
        violation = first([w.stopped], runs[1].lines)
        if not violation or first([w.report], runs[1].lines):
            problems.append(f"Holdfast does not stop it by '{w.stopped}', or the kernel reports it")
        said.append(f"at run time: {cell(violation or '')}")
    return [f"`{w.name}`", w.mistake, cell(report or ""), "; ".join(said)], problems, runs


def guest(kernel, w, kind, modules, *before):
    names = [*before, f"{w.name}_{kind}"]
    scans = "" if "unreferenced object" in w.report else "leaks=\n"
    return boot(kernel, scans + insmod(*names), {f"{m}.ko": modules[m] for m in names}, limit=GUEST_LIMIT,
                qemu=["-device", "edu"])


def stale(cases):
    """What is wrong with the page.  The words of other compilers than those that made it may differ."""
    rows = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in PAGE.read_text().splitlines()
            if line.startswith("| `")]
    there = {row[0].strip("`"): row for row in rows}
    problems = [f"it has a row {name}, which is no driver" for name in there.keys() - {w.name for w in cases}]
    for w in cases:
        if w.problems():
            continue
        row = there.get(w.name)
        if not row or len(row) != 4:
            problems.append(f"it has no row {w.name}")
        elif row[1] != w.mistake or not re.search(w.report, row[2]) or \
                not any(re.search(r, row[3]) for r in w.expected()):
            problems.append(f"the row {w.name} says something else")
    return problems


if __name__ == "__main__":
    chosen = [w for w in map(Wrong, sorted(FOLDER.glob("*_raw.c"))) if w.name.startswith(tuple(sys.argv[1:]))]
    if not chosen:
        sys.exit(f"tools/wrong.py: name a row or a driver; there are: {', '.join(ROWS)}")
    finish(attempt(Sanitized("debug"), chosen)[0])
