# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""The tests of hf_binder.ko in a guest; tools/guest finds them here."""

import os
import pathlib
import re
import shutil
import tempfile

from archive import CACHE, Archive, Failure, command, locked
from boot import COUNTING, FAST, boot, case, guest_case, programs, test_cases
from kernels import build
from roots import inside, root
from testlib import BUILD, TOP, Count

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 800        # seconds
CLIENTS_LIMIT = 800
TORTURE_LIMIT = 600     # seconds, more than a busy machine needs
TORTURE = int(os.environ.get("HF_BINDER_TORTURE", 10))     # seconds
COMMANDS = 300000


def binder(kernel, checks):
    modules, _ = build(kernel, checks, "examples/binder/kernel")
    with tempfile.TemporaryDirectory(prefix="binder-", dir=kernel.tree) as folder:
        user = f"{folder}/binder_user"
        command(["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-pthread", "-o", user, HERE / "user.c",
                 *sorted(HERE.parent.glob("exchange*.c"))])
        files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_binder")}
        files |= kernel.modules("binder_linux", folders=("drivers/android",))
        libraries = programs(user)
        libraries["binder_user"] = libraries.pop(user.lstrip("/"))
        run = boot(kernel, (HERE / "run.sh").read_text(), files | libraries, limit=LIMIT)
    count = test_cases(run)
    count += guest_case(f"hf_binder.ko ran clean, {checks}", run)
    return count


def group_binder(kernel):
    """hf_binder.ko and the kernel's own driver in the same exchanges between processes; some torture"""
    count = Count()
    for checks in ("release", "debug"):
        count += binder(kernel, checks)
    # A count, as a slow machine shall not do less.
    count += torture(kernel, "release", f"--commands {COMMANDS} --seed 1", f"{COMMANDS} commands of torture")
    return count


def debian():
    """{path in the guest: path here} of libgbinder's programs and Python's binding, as a root folder in the guest."""
    place = root("trixie-backports")
    files = programs(*place.glob("usr/bin/binder-*"), place / "usr/bin/python3.13",
                     *place.glob("usr/lib/python3/dist-packages/gbinder.*.so"),
                     *place.glob("usr/lib/python3.13/lib-dynload/_ctypes.*.so"), root=place)
    # The programs name their loader by its path in lib64.
    for p in [*place.glob("usr/lib/python3.13/**/*.py"), *place.glob("lib64/ld-linux-*")]:
        if p.exists():
            files[str(p.relative_to(place))] = p
    return {f"debian/{name}": path for name, path in files.items()}


ANDROID = CACHE / "android-platform-tools-34"


def android():
    """Android's sources around libbinder, which Debian has in one of its packages."""
    with locked(ANDROID.with_suffix(".lock")):
        if not ANDROID.exists():
            part = ANDROID.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            tar = Archive("trixie", part / "apt", kind="deb-src").source("android-platform-tools", part)
            if "_34." not in tar.name:
                raise Failure(f"Debian trixie's android-platform-tools are not of Android 14: {tar.name}")
            (part / "root").mkdir()
            command(["tar", "-xf", tar, "-C", part / "root", "--strip-components=1", "--wildcards", *(
                f"*/{folder}" for folder in ("frameworks/native/libs/binder", "system/core/libutils",
                                             "system/core/libcutils", "system/libbase", "system/logging/liblog"))])
            (part / "root").rename(ANDROID)
            shutil.rmtree(part)
    return ANDROID


ANDROID_TESTS = ("binderDriverInterfaceTest", "binderLibTest", "binderThroughputTest")


def android_tests():
    """{path in the guest: path here} of tests of Android's libbinder, built in a root folder of Debian 13."""
    source, out = android(), BUILD / "libbinder"
    interfaces = source / "frameworks/native/libs/binder/aidl"
    with locked(out.with_suffix(".lock")):
        if not (out / "include").exists():
            out.mkdir(exist_ok=True)
            command([*inside("sid+aidl"), "aidl", "--lang=cpp", "--structured", f"-I{interfaces}", "-o", out,
                     "-h", out / "include", *sorted(interfaces.glob("android/os/*.aidl"))])
            print("building libbinder (once; takes a minute)", flush=True)
        command([*inside("trixie+android"), "make", "-C", out, "-f", HERE / "libbinder/Makefile",
                 f"-j{os.cpu_count()}", f"SOURCE={source}"])
    place = root("trixie+android")
    files = programs(*(out / test for test in ANDROID_TESTS), root=place,
                     folders=["/usr/lib/x86_64-linux-gnu/android", "/usr/lib/7zip"])
    for test in ANDROID_TESTS:
        files[f"usr/bin/{test}"] = files.pop(str(out / test).lstrip("/"))
    return {f"debian/{name}": path for name, path in files.items()}


def compare(told, found):
    """What one driver's clients said beside what the other's said, in the same tests."""
    def of(run):
        return {f"{t.suite}/{t.name}": [t.outcome, *t.notes] for t in run.tests}
    told, found = of(told), of(found)
    return [f"{name}: {told.get(name)} and {found.get(name)}" for name in sorted({*told, *found})
            if told.get(name) != found.get(name)]


def hfbinder_sources():
    """hfbinder, without its server"""
    return sorted((HERE.parents[1] / "hfbinder").glob("*.c")) + sorted((HERE.parents[2] / "cli").glob("*.c"))


def group_clients(kernel):
    """clients that others wrote, on hf_binder.ko and on the kernel's own driver"""
    modules, _ = build(kernel, "release", "examples/binder/kernel")
    files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_binder")}
    files |= kernel.modules("binder_linux", folders=("drivers/android",)) | android_tests() | debian()
    files |= {f"debian/{name}.py": HERE / f"{name}.py" for name in ("client", "service")}
    # The kernels with sanitizers lack the other one.
    drivers = [d for d in ("binder_linux", "hf_binder") if f"{d}.ko" in files]
    count = Count()
    with tempfile.TemporaryDirectory(prefix="clients-", dir=kernel.tree) as folder:
        files["hfbinder"] = f"{folder}/hfbinder"
        command(["cc", "-std=gnu11", "-O1", "-static", "-pthread", "-o", files["hfbinder"],
                 *hfbinder_sources()])
        # binderLibTest gives up after seconds.  Where instructions are the clock, a busy machine does not make it do so.
        for clients, processors in (("clients", FAST), ("binderLibTest", COUNTING)):
            runs = []
            for driver in drivers:
                script = f"driver={driver} clients={clients}\n" + (HERE / "clients.sh").read_text()
                # If callers have no security context, binder_linux.ko refuses the calls of who asks for theirs.
                runs.append(boot(kernel, script, files, limit=CLIENTS_LIMIT, processors=processors,
                                 parameters="security=selinux selinux=1"))
                count += test_cases(runs[-1])
                count += guest_case(f"{clients} of {driver}.ko", runs[-1])
            if len(runs) > 1:
                count += case(f"hf_binder.ko gives {clients} what binder_linux.ko gives them", compare(*runs))
    return count


def torture(kernel, checks, options, words, driver="hf_binder"):
    modules, _ = build(kernel, checks, "examples/binder/kernel")
    with tempfile.TemporaryDirectory(prefix="binder-", dir=kernel.tree) as folder:
        user = f"{folder}/hfbinder"
        command(["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-pthread", "-o", user,
                 *hfbinder_sources()])
        files = {f"{m}.ko": modules[m] for m in ("holdfast", "hf_binder")}
        files |= kernel.modules("binder_linux", folders=("drivers/android",))
        if f"{driver}.ko" not in files:
            return Count()
        libraries = programs(user)
        libraries["hfbinder"] = libraries.pop(user.lstrip("/"))
        script = f"driver={driver} torture='{options}'\n" + (HERE / "torture.sh").read_text()
        run = boot(kernel, script, files | libraries, limit=TORTURE_LIMIT + TORTURE, tries=1)
    # What was done, and with which seed.
    for m in re.finditer(r"(?m)^ *(seed \d+|\d+ [a-z][a-z -]+)\s*$", "\n".join(run.lines)):
        print(f"  {m[1]}")
    built = f", {checks}" if driver == "hf_binder" else ""
    return guest_case(f"{driver}.ko stands {words}{built}", run)


def group_torture(kernel):
    """hfbinder torture on the kernel's own driver and ours, HF_BINDER_TORTURE seconds (default 10) each"""
    words = f"--seconds {TORTURE}", f"{TORTURE} seconds of torture"
    count = torture(kernel, "release", *words, driver="binder_linux")
    for checks in ("release", "debug"):
        count += torture(kernel, checks, *words)
    return count


GROUPS = {"binder": group_binder, "clients": group_clients}
# It takes as long as it is told to.
ON_DEMAND = {"torture": group_torture}
