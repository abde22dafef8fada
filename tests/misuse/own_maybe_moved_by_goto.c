// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: use of an owner that was moved before a goto
// rule: use-after-move
// compilers: clang>=22
// expect: requires holding ownership of 'p.own'
// analyzer: use after 'hf_move' of 'p.own.moved_'
// coccinelle: 'p' was moved
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
int peek(const struct packet *p);
void transmit(struct packet_own p);

int f(int urgent);
int f(int urgent)
{
	hf_let(packet, p, receive());

	if (urgent) {
#ifdef MISUSE
		transmit(hf_move(p));
#endif
		goto out;
	}
out:
	return peek(hf_ref(p)); /* E */
}
