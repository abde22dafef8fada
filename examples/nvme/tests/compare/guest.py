# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""What hf_nvme.ko costs against the stock nvme.ko: instructions of a request, in one guest; tools/guest
finds it here.

QEMU counts instructions (-icount), and holdfast_compare.ko reads the count around each call of the
driver and each of its interrupts.  Of two controllers that are alike each driver has one, they take
turns, and half-way they change controllers.  Only neighbours in time are compared.
"""

import json
import pathlib
import re
import statistics
import tempfile

from archive import Failure
from boot import COUNTING, boot, programs
from kernels import build
from testlib import BUILD, TOP, Count, interval

HERE = pathlib.Path(__file__).resolve().parent
BOOTS, PAIRS = 3, 1     # PAIRS: in each of the two roles, after one that is dropped
LIMIT = 400
RESULT = BUILD / "bench/nvme-compare.json"
WORKLOADS = {           # name: (fio's arguments, requests)
    "randread": ("--rw=randread --bs=4k", 20000),
    "randwrite": ("--rw=randwrite --bs=4k", 4000),
    "batched": ("--rw=randread --bs=4k --iodepth_batch_submit=16 --iodepth_batch_complete_min=16",
                4000),
    "scattered": ("--rw=read --bs=128k", 4000),
    "contiguous": ("--rw=read --bs=128k --mem=shmhuge", 4000),
}
# With -icount, QEMU's controller loses a command now and then; both drivers say when they abort it.
LOST = re.compile(r"timeout, aborting|a command timed out")
FIGURES = ("segments", "submit", "complete", "path", "whole", "iops")


def qemu():
    args = ["-m", "1024"]
    for name, slot in ("a", "0x10"), ("b", "0x11"):
        args += ["-blockdev", f"driver=null-co,node-name={name},size=268435456,read-zeroes=off",
                 "-device", f"nvme,serial=hf-{name},drive={name},addr={slot}"]
    return args


def script():
    lines = [f"pairs={PAIRS} workloads='{' '.join(WORKLOADS)}'"]
    for name, (args, requests) in WORKLOADS.items():
        lines += [f"workload_{name}='{args} --number_ios={requests}'",
                  f"from_{name}={requests // 20} to_{name}={requests - requests // 20}"]
    return "\n".join(lines) + "\n" + (HERE / "run.sh").read_text()


def read(run):
    """[(workload, {driver: counts})]: for each turn of both drivers."""
    turns, counts = [], None
    for line in run.lines:
        if turns and LOST.search(line):
            turns[-1][1]["void"] = True
        if not (m := re.match(r"(?:holdfast_)?compare: (.*)", line)):
            continue
        said = dict(re.findall(r"(\w+)=(\S+)", m[1]))
        if "turn" in said:
            turns.append((said["turn"], {}))
        elif "requests" in said:
            counts = {"interrupts": {}, **{k: int(v) for k, v in said.items()}}
        elif "ended" in said:
            counts["interrupts"][int(said["ended"])] = (int(said["times"]),
                                                        int(said["instructions"]))
        elif "driver" in said:
            counts["iops"] = float(said["iops"])
            turns[-1][1][said["driver"]] = counts
    return turns


def figures(stock, ours):
    """Of a pair: {figure: (stock's, ours)}, all but IOPS in instructions of a request."""
    found = {f: (stock[f] / stock["requests"], ours[f] / ours["requests"])
             for f in ("segments", "submit", "whole")}
    if abs(found["segments"][0] - found["segments"][1]) > 0.5:
        raise Failure("the data of both drivers lay in memory in different ways")
    # An interrupt ends as many requests as are done when it comes, which is a matter of the moment.
    # So both drivers are asked what the same mixture of interrupts costs them.
    both = stock["interrupts"].keys() & ours["interrupts"].keys()
    if not both:
        raise Failure("no interrupts that can be compared: as many ended at once as never did again")
    weight = {n: stock["interrupts"][n][0] + ours["interrupts"][n][0] for n in both}
    ended = sum(n * weight[n] for n in both)
    found["complete"] = tuple(
        sum(weight[n] * d["interrupts"][n][1] / d["interrupts"][n][0] for n in both) / ended
        for d in (stock, ours))
    found["path"] = tuple(a + b for a, b in zip(found["submit"], found["complete"]))
    found["iops"] = stock["iops"], ours["iops"]
    return found


def measure(kernel, files):
    """[(workload, figures)] of one boot."""
    run = boot(kernel, script(), files, limit=LIMIT, qemu=qemu(), processors=COUNTING)
    if run.problems():
        raise Failure("the guest failed:\n" + "\n".join(run.problems() + run.lines[-30:]))
    found, last = [], None
    for workload, counts in read(run):
        # The first turn after a change of controllers warms up.
        if workload == last and "void" in counts:
            print(f"QEMU lost a command: a pair of {workload} does not count", flush=True)
        elif workload == last:
            found.append((workload, figures(counts["nvme"], counts["hf_nvme"])))
        last = workload
    return found


def group_compare(kernel):
    """what hf_nvme.ko costs against the stock nvme.ko (only if named, with --kernel 6.12; ten minutes)"""
    if not kernel.release.startswith("6.12."):
        raise Failure("compare wants --kernel 6.12: what it hooks into differs in others")
    modules, complaints = build(kernel, "release", "examples/nvme/kernel", "examples/nvme/tests/compare")
    print("\n".join(complaints), end="")
    files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_nvme", "holdfast_compare")}
    files |= programs("/usr/bin/fio")
    stock = kernel.modules("nvme", folders=("drivers/nvme",))
    files |= stock
    pairs = []
    with tempfile.TemporaryDirectory(prefix="compare-", dir=kernel.tree) as folder:
        files["nvme.order"] = pathlib.Path(folder, "order")
        files["nvme.order"].write_text("\n".join(stock) + "\n")
        for i in range(2 * BOOTS):
            print(f"boot {i + 1}", flush=True)
            pairs += measure(kernel, files)
            fewest = min(sum(w == workload for w, _ in pairs) for workload in WORKLOADS)
            if fewest >= 2 * PAIRS * BOOTS:
                break
        else:
            raise Failure(f"only {fewest} pairs in {2 * BOOTS} boots: QEMU lost too many commands")
    report(kernel, pairs)
    return Count(passed=len(WORKLOADS))


def report(kernel, pairs):
    rows = []
    print(f"{'workload':<10} {'figure':<9} {'nvme':>9} {'hf_nvme':>9}  ratio, and 95 % of its median")
    for workload in WORKLOADS:
        for figure in FIGURES:
            seen = [f[figure] for w, f in pairs if w == workload]
            ratios = [ours / stock for stock, ours in seen]
            row = {"workload": workload, "figure": figure, "kernel": kernel.release,
                   "nvme": statistics.median(s for s, _ in seen),
                   "hf_nvme": statistics.median(o for _, o in seen),
                   "ratio": statistics.median(ratios), "pairs": len(ratios),
                   **dict(zip(("low", "high"), interval(ratios)))}
            rows.append(row)
            print("{workload:<10} {figure:<9} {nvme:9.0f} {hf_nvme:9.0f}  {ratio:.4f} "
                  "({low:.4f} to {high:.4f})".format(**row))
    print("Instructions of a request, but for segments, and iops: those are of an emulated machine, and tell "
          "little.\nCaches, and what leaving the guest costs, are in none of them.")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(rows, indent=1) + "\n")
    print(f"also in {RESULT.relative_to(TOP)}")


GROUPS = {}
ON_DEMAND = {"compare": group_compare}
