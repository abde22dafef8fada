// SPDX-License-Identifier: GPL-2.0-only OR MIT
// What was over is there again: data of a lock without a guard, after a lock was given up, and a slice of a vector that grew.
#include <holdfast/holdfast.h>

struct job {
	struct hf_link link;
	u32 id;
};

static void job_free(struct job *j)
{
	hf_free(j);
}

HF_OWN_DEFINE(job, struct job, job_free);
HF_LIST_DEFINE(jobs, job_own, struct job, link);

struct queue {
	struct jobs jobs;
	u32 done;
};

HF_LOCKED_DEFINE(locked_queue, mutex, struct queue);

struct worker {
	struct locked_queue queue;
};

static int worker_run(const struct worker *w, u32 id);

static int worker_add(const struct worker *w, u32 id)
{
	hf_let(job, j, hf_try(hf_new(job, GFP_KERNEL)));
	hf_lock(queue, &w->queue);

	hf_mut(j)->id = id;
	jobs_push_back(&queue->jobs, hf_move(j));
	return 0;
}

static struct jobs_ref_result queue_find(const struct queue *queue, u32 id)
{
	hf_list_cursor(at, &queue->jobs);

	for (const struct job *j; (j = jobs_next(&at));)
		if (j->id == id)
			return hf_ok(jobs_ref, j);
	return hf_err(jobs_ref, -ENOENT);
}

static int worker_forget(const struct worker *w, u32 id)
{
	hf_lock(queue, &w->queue);
	return hf_drop_ok(job_own, jobs_remove(&queue->jobs, hf_try(queue_find(queue, id))));
}

static int worker_step(const struct worker *w)
{
	hf_lock(queue, &w->queue);
	const struct job *first = hf_try(jobs_front(&queue->jobs));
	const u32 id = first->id;

	{
		hf_unlocked(queue);
		hf_try_errno(worker_run(w, id));
	}
	queue->done++;
	first = hf_try(queue_find(queue, id));
	return hf_drop_ok(job_own, jobs_remove(&queue->jobs, first));
}

static int worker_run(const struct worker *w, u32 id)
{
	return id == 2 ? worker_forget(w, 2) : 0;
}

static u32 worker_end(struct worker *w)
{
	/* SAFETY: nobody can reach it any more. */
	const u32 done = hf_lock_get_mut_unchecked(&w->queue)->done;

	hf_lock_fini(&w->queue);
	return done;
}

static int work(void)
{
	static struct worker w;
	int err;

	hf_lock_init(&w.queue);
	/* SAFETY: nobody else can reach it yet. */
	jobs_init(&hf_lock_get_mut_unchecked(&w.queue)->jobs);
	hf_try_errno(worker_add(&w, 1));
	hf_try_errno(worker_step(&w));
	hf_try_errno(worker_add(&w, 2));
	err = worker_step(&w);
	return worker_end(&w) != 2 || err != -ENOENT;
}

HF_SLICE_DEFINE(port, u32);
HF_VEC_DEFINE(port);

struct ports {
	struct port_vec all;
	struct port_slice boot;
	u32 boot_len;
};

static int ports_add(struct ports *p, u32 port)
{
	return hf_vec_push(&p->all, port, GFP_KERNEL);
}

static int ports_set_boot(struct ports *p, u32 n)
{
	p->boot = hf_try(hf_subslice(hf_vec_slice(&p->all), 0, n));
	p->boot_len = n;
	return 0;
}

static int ports_hotplug(struct ports *p, u32 port)
{
	hf_try_errno(ports_add(p, port));
	return ports_set_boot(p, p->boot_len);
}

static u32 ports_use(struct ports *p)
{
	u32 sum = 0;

	hf_for_each(x, p->boot)
		sum += *x;
	return sum;
}

struct image {
	u32 version;
	HF_TRAILING(u8, code);
};

static void image_free(struct image *i)
{
	hf_free(i);
}

HF_OWN_DEFINE(image, struct image, image_free);

static struct image_own_result image_load(size_t size)
{
	hf_let(image, i, hf_try_in(image_own, hf_new_array(image, code, size, GFP_KERNEL)));

	hf_mut(i)->version = 2;
	hf_fill(hf_trailing(u8_slice, hf_mut(i), code), 0);
	return hf_ok(image_own, hf_move(i));
}

struct card {
	struct image_own image;
};

static int card_resume(struct card *c)
{
	return hf_set_ok(c->image, image_load(64));
}

int main(void)
{
	struct ports ports = { .boot_len = 0 };
	struct card card = { .image = hf_empty(image_own) };
	int err = work();

	for (u32 i = 0; i < 9 && !err; i++)
		err = ports_hotplug(&ports, i);
	for (u32 i = 0; i < 2 && !err; i++) {
		err = card_resume(&card);
		image_own_drop(&card.image);
	}
	err = err || ports_use(&ports);
	port_vec_drop(&ports.all);
	return err || hf_user_live();
}
