# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""What a call costs on hf_binder.ko, on the kernel's binder_linux.ko, and on its rust_binder where there is one;
tools/guest finds it here.

`hfbinder bench` runs in one guest with all of them, which take turns round by round.  QEMU counts instructions
(-icount): what the program takes for nanoseconds are instructions, of client, driver, scheduler and server.
"""

import json
import pathlib
import statistics
import tempfile

from archive import Failure, command
from boot import COUNTING, boot, case
from kernels import build
from llvm import ByRust
from testlib import BUILD, TOP, Count, interval

HERE = pathlib.Path(__file__).resolve().parent
BOOTS, ROUNDS, CALLS = 3, 4, 480
LIMIT = 1800    # seconds; what is counted does not depend on them
STOCK, OURS, RUST = "/dev/binder", "/dev/hf-binder", "/binderfs/rust-binder"
NAMES = {STOCK: "binder_linux", OURS: "hf_binder", RUST: "rust_binder"}


def measure(kernel, files):
    """{(what, bytes, pairs): {device: [instructions of a call, in each round]}} of one boot."""
    run = boot(kernel, f"rounds={ROUNDS} calls={CALLS}\n" + (HERE / "run.sh").read_text(), files, limit=LIMIT,
               qemu=["-m", "1024"], processors=COUNTING)
    if run.problems():
        raise Failure("the guest failed:\n" + "\n".join(run.problems() + run.lines[-30:]))
    found = {}
    for line in run.lines:
        if line.startswith("{"):
            said = json.loads(line)
            row = found.setdefault((said["what"], said["bytes"], said["pairs"]), {})
            row.setdefault(said["device"], []).append(said["ns_a_call"])
    return found


def group_binder_bench(kernel):
    """what calls cost on hf_binder.ko, binder_linux.ko and rust_binder (only if named; ten minutes)"""
    modules, _ = build(kernel, "release", "examples/binder/kernel")
    files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_binder")}
    files |= kernel.modules("binder_linux", folders=("drivers/android",))
    version = ".".join(kernel.release.split(".")[:2])
    if kernel.has("RUST"):
        files["rust_binder.ko"] = ByRust(version).rust_binder()
    found = {}
    with tempfile.TemporaryDirectory(prefix="bench-", dir=kernel.tree) as folder:
        files["hfbinder"] = f"{folder}/hfbinder"
        command(["cc", "-std=gnu11", "-O2", "-static", "-pthread", "-o", files["hfbinder"],
                 *sorted((HERE.parents[1] / "hfbinder").glob("*.c"))])
        for i in range(BOOTS):
            print(f"boot {i + 1}", flush=True)
            for row, devices in measure(kernel, files).items():
                for device, counts in devices.items():
                    found.setdefault(row, {}).setdefault(device, []).extend(counts)
    return report(f"binder-{version}", kernel.release, found)


def report(name, release, found):
    rows, count = [], Count()
    devices = [d for d in NAMES if all(d in of for of in found.values())]
    for (what, size, pairs), of in found.items():
        row = {"what": what, "bytes": size, "pairs": pairs}
        for d in devices:
            ratios = [mine / stock for mine, stock in zip(of[d], of[STOCK])]
            row[NAMES[d]] = {"instructions": round(statistics.median(of[d])), "ratio": statistics.median(ratios),
                             "interval": interval(ratios)}
        rows.append(row)
        low, high = row["hf_binder"]["interval"]
        count += case(f"{what}, {size} bytes, {pairs} pairs: {low:.3f} to {high:.3f} of binder_linux.ko",
                      ["it is slower"] if low > 1 else [])
    place = BUILD / "bench"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")
    head = ["", "bytes", "pairs", "binder_linux", *(h for d in devices[1:] for h in (NAMES[d], "ratio"))]
    table = [head, ["---"] + ["---:"] * (len(head) - 1)]
    for row in rows:
        cells = [row["what"], row["bytes"], row["pairs"], row["binder_linux"]["instructions"]]
        for d in devices[1:]:
            cells += [row[NAMES[d]]["instructions"],
                      "{ratio:.3f} ({interval[0]:.3f} to {interval[1]:.3f})".format(**row[NAMES[d]])]
        table.append(cells)
    text = f"Kernel {release}.\n\n" + "".join(f"| {' | '.join(map(str, cells))} |\n" for cells in table)
    (place / f"{name}.md").write_text(text)
    print(f"{text}also in {(place / name).relative_to(TOP)}.json and .md")
    return count


GROUPS = {}
ON_DEMAND = {"binder-bench": group_binder_bench}
