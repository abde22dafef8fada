// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write through a shared borrow
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

void f(void);
void f(void)
{
	hf_let(packet, p, receive());

#ifdef MISUSE
	hf_ref(p)->len = 1; /* E */
#else
	hf_mut(p)->len = 1;
#endif
}
