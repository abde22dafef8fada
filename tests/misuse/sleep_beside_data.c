// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an allocation that may sleep under a spinlock that lies beside its data
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_may_sleep_' while context 'hf_spinning' is held
#include <holdfast/lock.h>
#include <holdfast/own.h>
#include <holdfast/result.h>

struct port {
	hf_sys_spinlock_irq_lock lock;	/* spinlock_t in the kernel */
	HF_LOCK_IS(lock, spinlock_irq);
	int pending HF_GUARDED_BY(lock);
};

struct packet {
	int n;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

int f(struct port *p);
int f(struct port *p)
{
	hf_lock(g, hf_lock_of(p, lock));
#ifdef MISUSE
	hf_let(packet, packet, hf_try(hf_new(packet, GFP_KERNEL))); /* E */
#else
	hf_let(packet, packet, hf_try(hf_new(packet, GFP_ATOMIC)));
#endif

	return p->pending + hf_ref(packet)->n;
}
