# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Build the harness: one program with every kernel, by every compiler, at every level of checks."""

import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))
from testlib import BUILD, TOP, WARNINGS, parallel, rustc  # noqa: E402

PLACE = BUILD / "bench"
LEVELS = ("release", "off", "debug")
# Functions, and the loops of the kernels, are aligned so that their position does not affect their
# speed: a loop of four instructions that crosses a cache line took twice its time.  The examples'
# cores keep the compiler's own alignment, because their size is reported.
COMMON = ["-std=gnu11", "-D_GNU_SOURCE", "-fstack-usage",
          "-falign-functions=64",
          *WARNINGS, "-Werror", f"-I{TOP}/include", f"-I{PLACE}", f"-I{HERE}/user"]
# The flags of the kernel's makefiles on x86-64 that affect the code of a module, in Debian's
# configuration.  The patchable entry stands in for ftrace's at the beginning of each function.
KERNEL_FLAGS = ["-O2", "-fno-strict-aliasing", "-fno-common", "-fno-delete-null-pointer-checks",
                "-fno-allow-store-data-races", "-fno-strict-overflow", "-fconserve-stack",
                "-fno-jump-tables", "-mno-red-zone", "-mgeneral-regs-only",
                "-fstack-protector-strong", "-ftrivial-auto-var-init=zero",
                "-fno-stack-clash-protection", "-fcf-protection=none",
                "-fpatchable-function-entry=1"]
COMPILERS = {
    "gcc": ("gcc", ["-O2", "-fno-ipa-icf"]),
    "clang": ("clang", ["-O2"]),
    "gcc-kernel": ("gcc", [*KERNEL_FLAGS, "-fno-ipa-icf"]),
}


class Failure(Exception):
    """Nothing can be measured; the text tells the user why."""


def command(args, **options):
    p = subprocess.run([str(a) for a in args], text=True, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
    if p.returncode:
        raise Failure(f"{' '.join(str(a) for a in args)} failed:\n{p.stdout[-3000:]}")
    return p.stdout


def sources():
    """The sources of one variant: the kernels, each example's paths and core, and the library."""
    return [HERE / "table.c", *sorted(HERE.glob("kernels/*.c")), HERE / "user/device.c",
            *sorted(TOP.glob("src/user/*.c")),
            *(source for example in examples() for folder in (example, example / "bench")
              for source in sorted(folder.glob("*.c")) if source.name != "kernel.c")]


def examples():
    """The folders of the examples with paths to measure."""
    return [p.parents[1] for p in sorted(TOP.glob("examples/*/bench/list.h"))]


def object_of(name, level, source):
    return PLACE / "obj" / f"{name}-{level}" / ("-".join(source.relative_to(TOP).with_suffix("").parts) + ".o")


def compile_one(case):
    compiler, flags, source, to = case
    if source.is_relative_to(HERE / "kernels"):
        flags = [*flags, "-falign-loops=32"]
    to.parent.mkdir(parents=True, exist_ok=True)
    command([compiler, *COMMON, *flags, "-c", "-o", to, source])


def variants(names, levels=LEVELS):
    return [(name, level) for name in names for level in levels]


def rust_twins(say):
    """([objects and libraries], [names]) of the Rust twins; empty without a rustc."""
    source = HERE / "rust/twins.rs"
    compiler = rustc()
    if not compiler:
        say("no rustc: the Rust twins are left out")
        return [], []
    say("compiling the Rust twins")
    archive = PLACE / "libtwins.a"
    command([compiler, "--edition", "2021", "--crate-type", "staticlib", "-C", "opt-level=2",
             "-C", "panic=abort", "-C", "codegen-units=1", "-o", archive, source])
    names = re.findall(r"^kernel!\(rust_(\w+)", source.read_text(), re.M)
    return [archive, "-ldl", "-lm"], names


def list_examples():
    """Write examples.h, through which bench/list.h lists the examples' paths.  Returns its folder."""
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "examples.h").write_text("".join(f'#include "{e}/bench/list.h"\n' for e in examples()))
    return PLACE


def build(names, say, levels=LEVELS, rust=True):
    """Build the harness with these compilers of COMPILERS.  Returns its path and the Rust twins' names."""
    list_examples()
    cases = [(COMPILERS[name][0], [*COMPILERS[name][1], f"-DHF_CHECKS=HF_CHECKS_{level.upper()}"],
              source, object_of(name, level, source))
             for name, level in variants(names, levels) for source in sources()]
    say(f"compiling {len(cases)} objects")
    parallel(compile_one, cases)
    sets = []
    for name, level in variants(names, levels):
        table = f"bench_table_{name.replace('-', '_')}_{level}"
        whole = PLACE / "obj" / f"{name}-{level}.o"
        # All variants are linked into one program, so only the table's symbol stays global.
        command(["ld", "-r", "-o", whole, *(object_of(name, level, s) for s in sources())])
        command(["objcopy", f"--redefine-sym=bench_table={table}", whole])
        command(["objcopy", f"--keep-global-symbol={table}", whole])
        sets.append((name, level, table, whole))
    libraries, rust_names = rust_twins(say) if rust else ([], [])
    generated = PLACE / "sets.c"
    generated.write_text('#include "../../bench/user/harness.h"\n\n' +
                         "".join(f"extern const struct bench_kernel {t}[];\n" for *_, t, _o in sets) +
                         "".join(f"bench_fn rust_{n};\n" for n in rust_names) +
                         "\nconst struct bench_set bench_sets[] = {\n" +
                         "".join(f'\t{{ "{n}", "{level}", {t} }},\n' for n, level, t, _ in sets) +
                         "\t{ .compiler = NULL },\n};\n\nconst struct bench_kernel bench_rust[] = {\n" +
                         "".join(f'\t{{ .name = "{n}", .safe = rust_{n} }},\n' for n in rust_names) +
                         "\t{ .name = NULL },\n};\n")
    program = PLACE / "overhead"
    # liburcu knows a thread once, so the variants share one copy of rcu.c: theirs are empty without the macro.  So
    # with idmap.c.
    command(["gcc", *COMMON, "-O2", "-pthread", "-DHF_USER_RCU", "-DHF_USER_IDMAP", "-o", program, HERE / "user/main.c",
             HERE / "inputs.c", generated, *sorted(TOP.glob("src/user/*.c")),
             *(whole for *_, whole in sets), *libraries, "-lurcu-memb", "-lJudy"], cwd=PLACE)
    return program, rust_names
