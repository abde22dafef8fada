// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: it saturates at run time
#include "kernel.h"

#ifdef MISUSE
void f(struct packet *p);
void f(struct packet *p)
{
	if (refcount_dec_and_test(&p->refs))
		refcount_inc(&p->refs);
}
#else
void f(struct packet *p);
void f(struct packet *p)
{
	if (refcount_dec_and_test(&p->refs))
		packet_free(p);
}
#endif
