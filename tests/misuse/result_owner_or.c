// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an alternative owner for a result, which nobody would drop on success
// rule: result-misused
// expect: hf_ok_or: .* is the result of an owner
#include <holdfast/own.h>

struct packet {
	int len;
};
void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own_result packet_new(int len);

int f(void);
int f(void)
{
	hf_let(packet, spare, hf_try(packet_new(0)));
#ifdef MISUSE
	hf_let(packet, p, hf_ok_or(packet_new(1), hf_move(spare))); /* E */
#else
	hf_let(packet, p, hf_try(packet_new(1)));
#endif

	return hf_ref(p)->len;
}
