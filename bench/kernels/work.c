// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The time-out of a command: a work item for later, which is cancelled when the answer comes. */
#include "../device.h"
#include "../refs.h"
#include <raw.h>

#define OPS	256
#define HOUR_MS	3600000u

struct raw_job {
	hf_sys_atomic refs;
	u32 value;
	struct raw_delayed_work timeout;
};

static void raw_job_put(struct raw_job *j)
{
	if (raw_refs_put(&j->refs))
		hf_sys_free(j);
}

/* The item has a reference while it is queued. */
static void raw_job_timed_out(struct work_struct *w)
{
	struct raw_delayed_work *d = raw_delayed_work_of(w);

	raw_job_put((struct raw_job *)(void *)((char *)d - offsetof(struct raw_job, timeout)));
}

BENCH_CALL static int raw_work_timeout_begin(const struct hf_workqueue *wq, struct raw_job *j)
{
	raw_refs_get(&j->refs);
	if (!raw_delayed_work_queue(wq, &j->timeout, HOUR_MS)) {
		raw_job_put(j);
		return -EEXIST;
	}
	return 0;
}

BENCH_CALL static s64 raw_work_timeout_end(struct raw_job *j, u32 v)
{
	if (!raw_delayed_work_cancel(&j->timeout))
		return -ENOENT;
	raw_job_put(j);
	return j->value ^ v;
}

s64 raw_work_timeout(const struct bench_in *in)
{
	const struct hf_workqueue *const wq = bench_workqueue();
	struct raw_job *j = hf_sys_alloc(sizeof(*j), GFP_KERNEL);
	s64 sum = 0;

	if (!j)
		return -ENOMEM;
	hf_sys_atomic_init(&j->refs, 1);
	j->value = 7;
	raw_delayed_work_init(&j->timeout, raw_job_timed_out);
	for (size_t i = 0; i < OPS && i < in->n; i++) {
		s64 got = raw_work_timeout_begin(wq, j);

		if (!got)
			got = raw_work_timeout_end(j, in->words[i]);
		if (got < 0) {
			sum = got;
			break;
		}
		sum += got;
	}
	raw_job_put(j);
	return sum;
}

struct job {
	struct hf_refs refs;
	u32 value;
	struct hf_delayed_work timeout;
};

static void job_destroy(struct job *j)
{
	(void)j;
}

static void job_release(struct job *j)
{
	hf_free(j);
}

HF_ARC_DEFINE(job, struct job, refs, job_destroy, job_release);
HF_DELAYED_WORK_DEFINE(job_timeout, job_arc, struct job, timeout, job_timed_out);

static void job_timed_out(struct job_arc given)
{
	hf_let_arc(job, j, given);
}

BENCH_CALL static int hf_work_timeout_begin(const struct hf_workqueue *wq, const struct job *j)
{
	return hf_work_queue_in(job_timeout, wq, hf_arc_from(job, j), HOUR_MS);
}

BENCH_CALL static s64 hf_work_timeout_end(const struct job *j, u32 v)
{
	hf_let_arc(job, queued, hf_try(hf_work_cancel(job_timeout, j)));

	return j->value ^ v;
}

s64 hf_work_timeout(const struct bench_in *in)
{
	const struct hf_workqueue *const wq = bench_workqueue();
	hf_let_arc(job, j, hf_try(hf_new_arc(job, GFP_KERNEL)));
	struct job *const new = hf_expect(hf_arc_unique(j), "it is new");
	s64 sum = 0;

	new->value = 7;
	hf_work_init(job_timeout, new);
	for (size_t i = 0; i < OPS && i < in->n; i++) {
		hf_try_errno(hf_work_timeout_begin(wq, hf_ref(j)));
		const s64 got = hf_work_timeout_end(hf_ref(j), in->words[i]);

		if (got < 0)
			return got;
		sum += got;
	}
	return sum;
}
