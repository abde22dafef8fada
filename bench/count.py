# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Counting instructions: they are the same in every run."""

import re
import shutil

from build import PLACE, command


def counted(program, only):
    """{(kernel, compiler, variant): instructions an operation}, of callgrind."""
    if not shutil.which("valgrind"):
        print("no valgrind: no instructions")
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
