# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Count what does not vary from run to run: instructions, and bytes of code."""

import re
import shutil

from build import PLACE, command, examples, object_of, sources
from objlib import sizes


def counted(program, only):
    """{(kernel, compiler, variant): instructions per operation}, counted by callgrind."""
    if not shutil.which("valgrind"):
        print("no valgrind: instructions are not counted")
        return {}
    place = PLACE / "callgrind"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    command(["valgrind", "--tool=callgrind", f"--callgrind-out-file={place}/out", program, "count",
             only])
    found = {}
    for part in place.iterdir():
        text = part.read_text(errors="replace")
        what = re.search(r"Client Request: (\S+) (\S+) (\S+) (\d+)$", text, re.M)
        if what:
            totals = int(re.search(r"^totals: (\d+)", text, re.M)[1])
            found[what[1], what[2], what[3]] = totals / int(what[4])
    shutil.rmtree(place)
    return found


def driver_text(name):
    """Bytes of code of the examples' cores, built by a compiler of COMPILERS: with checks, without, and
    both again without the parts that the compiler placed in cold sections."""
    totals = []
    for level in ("release", "off"):
        symbols = [item for s in sources() if s.parent in examples()
                   for item in sizes(object_of(name, level, s)).items()]
        totals.append((sum(n for _, n in symbols),
                       sum(n for symbol, n in symbols if not symbol.endswith(".cold"))))
    return totals[0][0], totals[1][0], totals[0][1], totals[1][1]
