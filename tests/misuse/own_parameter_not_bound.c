// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner that was passed in used before anybody answers for its drop
// rule: use-after-move
// compilers: clang>=22
// expect: requires holding ownership of 'arg.own'
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
int peek(const struct packet *p);

int f(struct packet_own arg);
int f(struct packet_own arg)
{
#ifdef MISUSE
	return peek(hf_ref(arg)); /* E */
#else
	hf_let(packet, p, arg);
	return peek(hf_ref(p));
#endif
}
