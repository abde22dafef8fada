// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

/* A macro of the kind that C code bases have, as C has no operator for it. */
#define TRY(e) ({ int ret_ = (e); if (ret_ < 0) return ret_; ret_; })

int next_tag(void);
int submit(struct packet *p, int tag);

int f(void);
int f(void)
{
	struct packet *p __free(packet) = packet_new();

	if (!p)
		return -1;
#ifdef MISUSE
	return submit(no_free_ptr(p), TRY(next_tag()));
#else
	int tag = TRY(next_tag());

	return submit(no_free_ptr(p), tag);
#endif
}
