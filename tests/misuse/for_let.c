// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner as the body of a for
// rule: binding-as-body
// expect-gcc: expected expression before 'typedef'
// expect-clang: error: expected expression
#include <holdfast/own.h>

struct packet {
	int len;
};
void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own_result packet_new(void);
int many(int n);

int many(int n)
{
#ifdef MISUSE
	for (int i = 0; i < n; i++)
		hf_let(packet, p, hf_try(packet_new())); /* E */
#else
	for (int i = 0; i < n; i++) {
		hf_let(packet, p, hf_try(packet_new()));

		n -= hf_ref(p)->len;
	}
#endif
	return n;
}
