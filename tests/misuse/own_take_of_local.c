// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a variable used after hf_take() of it
// rule: use-after-move
// compilers: none
// coccinelle: 'p' was emptied by hf_take
// checker: owns nothing here
#include <holdfast/own.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
int peek(const struct packet *p);
void poke(struct packet *p);
void transmit(struct packet_own p);

int f(void);
int f(void)
{
	hf_let(packet, p, receive());

	transmit(hf_take(p));
#ifdef MISUSE
	return peek(hf_ref(p)); /* E */
#else
	return hf_is_empty(p) ? 0 : peek(hf_ref(p));
#endif
}
