// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a member marked by the kernel's __guarded_by(), accessed without that lock
// compilers: clang>=23
// expect: (reading|writing) variable 'count' requires holding spinlock '.*lock' exclusively
#include <linux/spinlock.h>

#include <holdfast/holdfast.h>

struct packet {
	int size;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

struct device_state {
	spinlock_t lock;
	int count __guarded_by(&lock);
};

int received(struct device_state *d, struct packet_own p);
int received(struct device_state *d, struct packet_own p)
{
	hf_let(packet, mine, p);

#ifdef MISUSE
	d->count += hf_ref(mine)->size; /* E */
#else
	guard(spinlock)(&d->lock);
	d->count += hf_ref(mine)->size;
#endif
	return 0;
}
