# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Reading the machine code of x86-64 objects, as objdump shows it."""

import re
import subprocess

PADDING = re.compile(r"^(nop|data16|cs nop|xchg\s+%ax,%ax|int3)")


class Insn:
    """One instruction: its text, without addresses, and where a jump within the function goes."""

    def __init__(self, address, text, target):
        self.address, self.text, self.target = address, text, target

    @property
    def conditional(self):
        return self.text.startswith("j") and not self.text.startswith("jmp")

    @property
    def vector(self):
        """Whether it works on several elements at once."""
        return bool(re.match(r"v?p(add|sub|xor|mul|and|or|sll|srl|shuf|cmp|sad)\w*\s.*%[xy]mm",
                             self.text))


def functions(obj):
    """{name: [Insn]}, in the order of the object; cold parts are functions of their own (x.cold)."""
    text = subprocess.run(["objdump", "-dr", "--no-show-raw-insn", str(obj)], check=True,
                          capture_output=True, text=True).stdout
    found, name = {}, None
    for line in text.splitlines():
        if head := re.match(r"^[0-9a-f]+ <([\w.]+)>:$", line):
            name = head[1]
            found.setdefault(name, [])
        elif reloc := re.match(r"^\s+[0-9a-f]+: R_\w+\s+(\S+?)([-+]0x\w+)?$", line):
            if found[name]:
                last = found[name][-1]
                if re.match(r"(call|j\w+)\b", last.text):
                    last.target = None
                    if reloc[1].isidentifier():
                        last.text = re.sub(r"^(\w+)\s.*", r"\1 " + reloc[1], last.text)
        elif code := re.match(r"^\s+([0-9a-f]+):\s+(.*?)\s*$", line):
            if PADDING.match(code[2]):
                continue
            insn = re.sub(r"\s+", " ", code[2])
            to = re.match(r"j\w+ ([0-9a-f]+) <([\w.]+?)(\+0x[0-9a-f]+)?>", insn)
            target = int(to[1], 16) if to and to[2] == name else None
            found[name].append(Insn(int(code[1], 16),
                                    re.sub(r"[0-9a-f]+ <[\w.]+(\+0x[0-9a-f]+)?>", "…", insn),
                                    target))
    return found


def loops(insns):
    """The innermost loops: lists of Insn from the target of a jump backwards to that jump."""
    spans = {(i.target, i.address) for i in insns if i.target is not None and i.target <= i.address}
    inner = [s for s in spans if not any(o != s and s[0] <= o[0] and o[1] <= s[1] for o in spans)]
    return [[i for i in insns if low <= i.address <= high] for low, high in sorted(inner)]


def sizes(obj):
    """{symbol: bytes of code}."""
    out = subprocess.run(["nm", "-S", "--defined-only", str(obj)], check=True, capture_output=True,
                         text=True).stdout
    return {m[2]: int(m[1], 16)
            for m in re.finditer(r"^[0-9a-f]+ ([0-9a-f]+) [tT] (\S+)$", out, re.M)}
