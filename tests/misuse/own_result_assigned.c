// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a result of an owner is assigned over another, which is leaked
// rule: owner-overwritten
// compilers: any
// expect-gcc: assignment of read-only (?:variable|member|location)
// expect-clang: const-qualified data member 'moves_only_'
// explained: const-written
#include <holdfast/holdfast.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

struct packet_own_result receive(int port);
int either(void);
int either(void)
{
	struct packet_own_result r = receive(0);

#ifdef MISUSE
	if (!hf_is_ok(r))
		r = receive(1); /* E */
	hf_let(packet, p, hf_try(r));
#else
	if (!hf_is_ok(r)) {
		hf_let(packet, p, hf_try(receive(1)));
		return hf_ref(p)->len;
	}
	hf_let(packet, p, hf_try(r));
#endif
	return hf_ref(p)->len;
}
