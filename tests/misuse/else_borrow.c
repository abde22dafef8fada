// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow as the body of an else
// rule: binding-as-body
// expect-gcc: expected expression before 'typedef'
// expect-clang: error: expected expression
// flags: -Wno-dangling-else
#include <holdfast/own.h>

struct packet {
	int len;
};
void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
void trace(void);
struct packet_own_result packet_new(void);
int count(bool quiet);

int count(bool quiet)
{
	hf_let(packet, p, hf_try(packet_new()));

	if (quiet)
		trace();
#ifdef MISUSE
	else
		hf_borrow_mut(m, p); /* E */
	return 0;
#else
	else {
		hf_borrow_mut(m, p);
		return ++m->len;
	}
	return 0;
#endif
}
