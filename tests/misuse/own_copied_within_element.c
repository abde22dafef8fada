// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element with an owner in it copied out of a slice
// rule: owner-copied
// compilers: none
// query: 'hf_at\(jobs, 0\)' is copied with an owner in it
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);

struct job {
	struct obj_own o;
	int tag;
};

HF_SLICE_DEFINE(jobs, struct job);

int f(struct jobs_slice jobs);
int f(struct jobs_slice jobs)
{
#ifdef MISUSE
	const struct job j = hf_at(jobs, 0); /* E */

	return j.tag;
#else
	const struct job *j = &hf_at(jobs, 0);

	return j->tag;
#endif
}
