// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that forgets a list, whose elements are owned
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member 'queue' owns
#include <holdfast/holdfast.h>

struct job {
	struct hf_link link;
};

void job_free(struct job *j);
HF_OWN_DEFINE(job, struct job, job_free);
HF_LIST_DEFINE(jobs, job_own, struct job, link);

struct dev {
	struct jobs queue;
};

void dev_free(struct dev *d);
HF_OWN_DEFINE(dev, struct dev, dev_free);

void dev_free(struct dev *d)
{
#ifdef MISUSE
	hf_free(d); /* E */
#else
	jobs_clear(&d->queue);
	hf_free(d);
#endif
}
