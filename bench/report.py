# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Evaluate the measurements: statistics, tables, plots, the page."""

import html
import json
import math
import platform
import subprocess
import warnings

import numpy as np
from scipy.stats import bootstrap

from build import COMPILERS, PLACE
from testlib import rustc

RESAMPLES = 4000
FIELDS = ("kernel", "group", "compiler", "variant", "ratio", "low", "high", "ns_raw", "pairs")
CONTROL = "raw"         # the raw side against a second copy of itself: the noise


def statistics(lines):
    """([row], ns of a cycle) from the harness's lines: medians of the ratios, 95 % intervals, pairs."""
    pairs, cycle = {}, math.inf
    for line in lines:
        if line.startswith("cycle "):
            cycle = min(float(line.split()[1]), cycle)
            continue
        kernel, group, compiler, variant, ops, raw, ns = line.split()
        pairs.setdefault((kernel, group, compiler, variant), []).append(
            (int(ns) / int(raw), int(raw) / int(ops)))
    rows = []
    for (kernel, group, compiler, variant), values in pairs.items():
        ratios = np.array([v[0] for v in values])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")     # it warns if all ratios are equal
            interval = bootstrap((ratios,), np.median, n_resamples=RESAMPLES, method="percentile",
                                 confidence_level=0.95, vectorized=True,
                                 random_state=1).confidence_interval
        rows.append(dict(zip(FIELDS, (
            kernel, group, compiler, variant, round(float(np.median(ratios)), 4),
            round(float(interval.low), 4), round(float(interval.high), 4),
            round(float(np.median([v[1] for v in values])), 3), len(values)))))
    return rows, cycle


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(math.log(v) for v in values) / len(values)) if values else math.nan


class Results:
    """All measurements, by kernel, compiler and variant."""

    def __init__(self, rows, cycle, counts, code, headers, driver_text):
        self.rows, self.cycle, self.counts, self.code = rows, cycle, counts, code
        self.headers, self.driver_text = headers, driver_text
        self.by = {(r["kernel"], r["compiler"], r["variant"]): r for r in rows}
        self.kernels = list(dict.fromkeys(r["kernel"] for r in rows))
        self.compilers = [c for c in COMPILERS if any(r["compiler"] == c for r in rows)]

    def kernels_of(self, group):
        return [k for k in self.kernels
                if any(r["kernel"] == k and r["group"] == group for r in self.rows)]

    def instructions(self, kernel, compiler, variant):
        """Instructions per operation, or None."""
        return self.counts.get((kernel, compiler, variant))


def cell(row):
    return f"{row['ratio']:.3f}" if row else "absent"


def table(results):
    """The main table: a row for each kernel and compiler."""
    head = ["kernel", "compiler", "ns raw", "release", "95 % interval", "off", "debug", "rust",
            "noise", "insns raw", "release +"]
    rows = []
    for group in ("primitive", "driver"):
        for kernel in sorted(results.kernels_of(group)):
            for compiler in results.compilers:
                of = {v: results.by.get((kernel, compiler, v))
                      for v in ("release", "off", "debug", "rust", CONTROL)}
                raw = results.instructions(kernel, compiler, "baseline")
                release = results.instructions(kernel, compiler, "release")
                r = of["release"]
                rows.append([kernel, compiler, f"{r['ns_raw']:.2f}", cell(r),
                             f"{r['low']:.3f} … {r['high']:.3f}", cell(of["off"]),
                             cell(of["debug"]), cell(of["rust"]), cell(of[CONTROL]),
                             f"{raw:.1f}" if raw is not None else "",
                             f"{release - raw:+.1f}" if raw is not None else ""])
    return head, rows


def goals(results):
    """[(met, sentence)]: a sentence for each goal."""
    out = []
    for compiler in results.compilers:
        release = [results.by[k, compiler, "release"] for k in results.kernels_of("primitive")
                   if (k, compiler, "release") in results.by]
        mean = geometric_mean(r["ratio"] for r in release)
        noise = geometric_mean(results.by[r["kernel"], compiler, CONTROL]["ratio"] for r in release)
        out.append((mean <= 1.01, f"{compiler}: geometric mean of release/raw over {len(release)} "
                    f"primitives {mean:.4f} (goal 1.01; raw against raw {noise:.4f})"))
        for r in sorted(release, key=lambda r: -r["ratio"]):
            if r["ratio"] <= 1.03:
                continue
            raw = results.instructions(r["kernel"], compiler, "baseline")
            more = results.instructions(r["kernel"], compiler, "release")
            extra = f", {more - raw:+.2f} instructions" if raw is not None else ""
            # At most one cycle, by the upper end of the interval: the cost of one dependent instruction.
            cycles = (r["high"] - 1) * r["ns_raw"] / results.cycle
            out.append((r["ns_raw"] < 2 and cycles <= 1,
                        f"{compiler}: {r['kernel']} {r['ratio']:.3f} ({r['low']:.3f} … {r['high']:.3f}) "
                        f"of {r['ns_raw']:.2f} ns: {cycles:.2f} cycles{extra}"))
        for k in results.kernels_of("driver"):
            r = results.by.get((k, compiler, "release"))
            if r:
                out.append((r["ratio"] <= 1.01, f"{compiler}: driver path {k} {r['ratio']:.4f} "
                            f"({r['low']:.4f} … {r['high']:.4f}; goal 1.01)"))
        slower = [(r, results.by.get((r["kernel"], compiler, "rust"))) for r in release]
        slower = [(r, rust) for r, rust in slower if rust and r["low"] > rust["high"]]
        compared = sum((r["kernel"], compiler, "rust") in results.by for r in release)
        if compared:
            # Where raw C is slower than Rust as well, the compilers or the libraries differ.
            ours = [(r, rust) for r, rust in slower if r["low"] > max(1, rust["high"])]
            out.append((not slower, f"{compiler}: {compared - len(slower)} of {compared} rows are "
                        f"not slower than Rust; {len(slower) - len(ours)} are as slow as raw C is" +
                        "".join(f"; {r['kernel']} {r['ratio']:.3f} against {rust['ratio']:.3f}"
                                for r, rust in ours)))
    for compiler, (release, off, warm, warm_off) in results.driver_text.items():
        growth = 100 * (release / off - 1)
        out.append((growth <= 3, f"{compiler}: .text of the examples' cores {off} bytes without checks, "
                    f"{release} with: {growth:+.1f} % (goal 3); without what is set aside as cold "
                    f"{100 * (warm / warm_off - 1):+.1f} %"))
    for compiler, (lines, all_ms, none_ms, libc_ms) in results.headers.get("holdfast.h", {}).items():
        # The goal can mean either; one compiler needs nearly 30 ms to start.
        out.append((all_ms < 30, f"{compiler}: a file that includes holdfast.h takes {all_ms:.0f} ms "
                    f"(goal 30), one with the C library's headers {libc_ms:.0f}, an empty one {none_ms:.0f}"))
        out.append((all_ms - none_ms < 30, f"{compiler}: including holdfast.h adds "
                    f"{all_ms - none_ms:.0f} ms to an empty file (goal 30)"))
    return out


def aligned(head, rows):
    widths = [max(len(r[i]) for r in [head, *rows]) for i in range(len(head))]
    return "\n".join("  ".join(c.ljust(w) if i < 2 else c.rjust(w)
                               for i, (c, w) in enumerate(zip(r, widths))) for r in [head, *rows])


def machine():
    cpu = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as f:
            cpu = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), cpu)
    except OSError:
        pass

    def version(*args):
        try:
            return subprocess.run(args, capture_output=True, text=True).stdout.splitlines()[0]
        except (OSError, IndexError):
            return "absent"
    return [f"CPU {cpu}, Linux {platform.release()}", version("gcc", "--version"),
            version("clang", "--version"), version(rustc() or "rustc", "--version")]


def plot(results, path):
    import matplotlib
    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "holdfast"
    from matplotlib import pyplot
    kernels = [k for g in ("driver", "primitive") for k in sorted(results.kernels_of(g), reverse=True)]
    figure, axes = pyplot.subplots(1, len(results.compilers), sharey=True,
                                   figsize=(4.5 * len(results.compilers), 0.24 * len(kernels) + 1.5))
    style = {"release": ("o", "#1f5fa8"), "off": ("|", "#888888"), "rust": ("^", "#b5541c")}
    for ax, compiler in zip(np.atleast_1d(axes), results.compilers):
        for variant, (marker, colour) in style.items():
            found = [(i, results.by[k, compiler, variant]) for i, k in enumerate(kernels)
                     if (k, compiler, variant) in results.by]
            if not found:
                continue
            middle = [r["ratio"] for _, r in found]
            ax.errorbar(middle, [i for i, _ in found], fmt=marker, color=colour, markersize=4,
                        elinewidth=1, label=variant,
                        xerr=[[r["ratio"] - r["low"] for _, r in found],
                              [r["high"] - r["ratio"] for _, r in found]])
        ax.axvspan(0.97, 1.03, color="#e8efe8", zorder=0)
        ax.axvline(1, color="#444444", linewidth=0.8)
        ax.set_xlim(0.5, 2)
        ax.set_xscale("log")
        ax.set_xticks([0.5, 0.7, 1, 1.4, 2], ["0.5", "0.7", "1", "1.4", "2"])
        ax.minorticks_off()
        ax.set_yticks(range(len(kernels)), kernels, fontsize=7)
        ax.set_title(f"{compiler}: time / raw", fontsize=9)
        ax.legend(fontsize=7, loc="lower right")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def markdown(head, rows):
    return ["| " + " | ".join(map(str, cells)) + " |"
            for cells in [head, ["---"] * 2 + ["---:"] * (len(head) - 2), *rows]]


def html_table(head, rows):
    def line(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(c))}</{tag}>" for c in cells) + "</tr>"
    return ("<table>" + line(head, "th") + "".join(line(r, "td") for r in rows) + "</table>")


def write(results, how):
    """Write overhead.json, report.svg and report.html.  Returns the lines for the terminal."""
    (PLACE / "overhead.json").write_text(json.dumps(
        [r for r in results.rows if r["variant"] != CONTROL], indent=1) + "\n")
    plot(results, PLACE / "report.svg")
    head, rows = table(results)
    reached = goals(results)
    page = ["<!doctype html><meta charset=utf-8><title>Holdfast: what the checks cost</title>",
            "<style>body{font:14px sans-serif;margin:2em auto;max-width:75em}td,th{padding:1px 8px;"
            "text-align:right}td:first-child,th:first-child{text-align:left}"
            "tr:nth-child(even){background:#f4f4f4}.no{color:#a02020}</style>",
            "<h1>What the checks cost</h1>", f"<p>{html.escape(how)}</p><ul>",
            *(f"<li>{html.escape(line)}</li>" for line in machine()), "</ul>",
            "<h2>Goals</h2><ul>",
            *(f"<li class={'yes' if met else 'no'}>{'met' if met else 'MISSED'}: "
              f"{html.escape(text)}</li>" for met, text in reached), "</ul>",
            "<h2>Time against raw</h2>", (PLACE / "report.svg").read_text().split("?>", 1)[1],
            html_table(head, rows), "<h2>Code: bytes, conditional branches, stack</h2>",
            html_table(*code_table(results)), "<h2>Headers</h2>", html_table(*header_table(results))]
    (PLACE / "report.html").write_text("\n".join(page) + "\n")
    (PLACE / "cost.md").write_text("\n".join([
        f"`{how.split(':')[0]}`, on: {'; '.join(machine())}.", "",
        *(f"- {'Met' if met else '**Missed**'}: {text}." for met, text in reached), "",
        *markdown(head, rows), "", "Code: bytes, conditional branches, and bytes of stack.", "",
        *markdown(*code_table(results)), "",
        "Headers: preprocessed lines with all below them, and milliseconds to compile.", "",
        *markdown(*header_table(results))]) + "\n")
    return [aligned(head, rows), ""] + [f"{'met   ' if met else 'MISSED'} {text}"
                                        for met, text in reached]


def code_table(results):
    head = ["kernel", "compiler", "bytes raw", "release", "off", "branches raw", "release", "off",
            "stack raw", "release", "off"]
    rows = []
    for (kernel, compiler), of in sorted(results.code.items()):
        rows.append([kernel, compiler, *(of[v][i] for i in range(3) for v in ("raw", "release", "off"))])
    return head, rows


def header_table(results):
    compilers = sorted({c for of in results.headers.values() for c in of})
    head = ["header"] + [f"{c}: {w}" for c in compilers for w in ("lines", "ms", "ms of nothing", "of libc")]
    return head, [[name, *(f"{v:.0f}" for c in compilers for v in of[c])]
                  for name, of in results.headers.items()]
