// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: owners copied from one slice to another, so that each object has two
// rule: owner-copied
// explained: const-written
// explained: owner-overwritten
// expect-gcc: assignment of read-only location
// expect-clang: const-qualified data member 'moves_only_'
#include <holdfast/own.h>
#include <holdfast/slice.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_SLICE_DEFINE(packet_own, struct packet_own);

int f(struct packet_own_slice to, struct packet_own_slice from);
int f(struct packet_own_slice to, struct packet_own_slice from)
{
#ifdef MISUSE
	hf_try_errno(hf_copy(to, from)); /* E */
#else
	hf_zip(t, to, f, from)
		hf_set(*t, hf_take(*f));
#endif
	return 0;
}
