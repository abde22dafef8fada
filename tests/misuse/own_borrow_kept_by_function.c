// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that says that it does not keep a borrow, and does
// rule: borrow-escapes
// compilers: clang>=23
// expect: parameter is marked .* but escapes
#include <holdfast/own.h>

struct packet {
	int len;
};

extern const struct packet *last;
const struct packet *last;

int peek(const struct packet *p HF_NOESCAPE);
int peek(const struct packet *p HF_NOESCAPE) /* E */
{
#ifdef MISUSE
	last = p;
#endif
	return p->len;
}
