// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure with a map in it overwritten by a copy
// rule: pinned-copied
// expect-gcc: assignment of read-only (location|member)
// expect-clang: const-qualified data member 'stays_'
// explained: const-written
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

struct table {
	struct handles handles;
	u32 n;
};

void f(struct table *to, const struct table *from);
void f(struct table *to, const struct table *from)
{
#ifdef MISUSE
	*to = *from; /* E */
#else
	handles_init(&to->handles, 1, 100);
	to->n = from->n;
#endif
}
