// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write through a named shared borrow
// rule: write-to-shared
// expect-gcc: assignment of member 'len' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
#include <holdfast/own.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);

int f(void);
int f(void)
{
	hf_let(packet, p, receive());
	hf_borrow(r, p);

#ifdef MISUSE
	r->len = 1; /* E */
#endif
	return r->len;
}
