// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a field that owns is assigned a new object on every reset
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

struct dev {
	struct packet_own rx;
	int resets;
};

int dev_reset(struct dev *d);
int dev_reset(struct dev *d)
{
	d->resets++;
#ifdef MISUSE
	d->rx = hf_try(hf_new(packet, GFP_KERNEL)); /* E */
#else
	hf_let(packet, old, hf_replace(d->rx, hf_try(hf_new(packet, GFP_KERNEL))));
#endif
	hf_mut(d->rx)->len = 1;
	return 0;
}
