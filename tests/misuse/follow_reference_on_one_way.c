// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reference in a plain variable, which one of the ways out forgets
// rule: owner-ignored
// compilers: none
// checker: this way out of the function leaves 'l' as it is
#include <holdfast/arc.h>

struct link {
	struct hf_refs refs;
	u32 mtu;
};

void link_destroy(struct link *l);
void link_release(struct link *l);
HF_ARC_DEFINE(link, struct link, refs, link_destroy, link_release);

int link_write(const struct link *l, const void *from, u32 n);

int link_send(const struct link_arc *slot, const void *from, u32 n);
int link_send(const struct link_arc *slot, const void *from, u32 n)
{
	int err;

#ifdef MISUSE
	struct link_arc l = hf_clone(*slot);
#else
	hf_let_arc(link, l, hf_clone(*slot));
#endif
	if (n > hf_ref(*slot)->mtu)
		return -EMSGSIZE; /* E */
	err = link_write(hf_ref(*slot), from, n);
#ifdef MISUSE
	link_arc_drop(&l);
#endif
	return err;
}
