# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""Read the machine code of x86-64 objects from the output of objdump."""

import re
import subprocess

PADDING = re.compile(r"^(nop|data16|cs nop|xchg\s+%ax,%ax|int3)")


class Insn:
    """One instruction: its address, its text without addresses, a jump's target within the function."""

    def __init__(self, address, text, target):
        self.address, self.text, self.target = address, text, target

    @property
    def conditional(self):
        return self.text.startswith("j") and not self.text.startswith("jmp")

    @property
    def vector(self):
        """Whether it is a SIMD instruction on integers."""
        return bool(re.match(r"v?p(add|sub|xor|mul|and|or|sll|srl|shuf|cmp|sad)\w*\s.*%[xy]mm",
                             self.text))


def functions(obj):
    """{name: [Insn]} in the order of the object.  Cold parts are functions of their own (x.cold)."""
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


def components(nodes, after):
    """The strongly connected components with a cycle among these nodes (Tarjan)."""
    number, low, path, on_path, found = {}, {}, [], set(), []
    for root in nodes:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        path.append(root)
        on_path.add(root)
        work = [(root, iter(after[root]))]
        while work:
            node, edges = work[-1]
            for to in edges:
                if to not in nodes:
                    continue
                if to not in number:
                    number[to] = low[to] = len(number)
                    path.append(to)
                    on_path.add(to)
                    work.append((to, iter(after[to])))
                    break
                if to in on_path:
                    low[node] = min(low[node], number[to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    one = set(path[path.index(node):])
                    del path[path.index(node):]
                    on_path -= one
                    if len(one) > 1 or node in after[node]:
                        found.append(one)
    return found


def loops(insns):
    """The innermost loops, each a list of Insn: all instructions from which control returns to the loop's
    entry, wherever the compiler placed them."""
    at = {i.address: n for n, i in enumerate(insns)}
    after = [set() for _ in insns]
    for n, i in enumerate(insns):
        if i.target in at:
            after[n].add(at[i.target])
        if n + 1 < len(insns) and not re.match(r"(notrack |bnd |repz )?(jmp|ret|ud2|hlt)", i.text):
            after[n].add(n + 1)

    def innermost(nodes):
        found = []
        for loop in components(nodes, after):
            # Without its entries, a loop falls apart into the loops that it contains.
            entries = {n for m, to in enumerate(after) if m not in loop for n in to & loop} or {min(loop)}
            found += innermost(loop - entries) or [loop]
        return found

    return [[insns[n] for n in sorted(loop)] for loop in innermost(set(range(len(insns))))]


def sizes(obj):
    """{symbol: bytes of code}."""
    out = subprocess.run(["nm", "-S", "--defined-only", str(obj)], check=True, capture_output=True,
                         text=True).stdout
    return {m[2]: int(m[1], 16)
            for m in re.finditer(r"^[0-9a-f]+ ([0-9a-f]+) [tT] (\S+)$", out, re.M)}
