// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A module that uses Holdfast as any driver would: two lines in its Kbuild, every header, every
 * kind of front door.  It must build without a message under W=1, sparse and objtool, and load and
 * unload.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pci.h>

#include <holdfast/holdfast.h>
#include <holdfast/sys/contract.h>

/* --- ownership, lists, locks -------------------------------------------------------------------- */

struct job {
	struct hf_link link;
	struct hf_pin pin;
	u32 id;
};

static void job_free(struct job *j)
{
	hf_pin_check(&j->pin);
	hf_link_fini(&j->link);
	hf_free(j);
}

HF_OWN_DEFINE(job, struct job, job_free);
HF_LIST_DEFINE(jobs, job_own, struct job, link);

HF_LOCKED_DEFINE(mutex_jobs, mutex, struct jobs);
HF_CONDVAR_DEFINE(mutex_jobs);
HF_LOCKED_DEFINE(spin_jobs, spinlock, struct jobs);
HF_LOCKED_DEFINE(irq_jobs, spinlock_irq, struct jobs);
HF_LOCKED_DEFINE(rw_jobs, rwlock, struct jobs);
HF_LOCKED_BY_DEFINE(job_count, mutex_jobs, u32);

struct worker {
	struct mutex_jobs by_mutex;
	struct spin_jobs by_spin;
	struct irq_jobs by_irq;
	struct rw_jobs by_rw;
	struct job_count count;
	struct mutex_jobs_condvar changed;
	struct hf_completion done;
};

static struct worker worker;

static int job_init(struct job *j, u32 id)
{
	if (!id)
		return -EINVAL;
	hf_pin_init(&j->pin);
	j->id = id;
	return 0;
}

static struct job_own_result job_new(u32 id)
{
	return hf_new_with(job, GFP_KERNEL, job_init, id);
}

static void count_job(struct worker *w) HF_REQUIRES(&w->by_mutex)
{
	*hf_access(&w->count, &w->by_mutex) += 1;
}

static int submit(struct worker *w, u32 id)
{
	hf_let(job, j, hf_try(job_new(id)));
	hf_lock(queue, &w->by_mutex);

	jobs_push_back(queue, hf_move(j));
	count_job(w);
	hf_notify_one(&w->changed);
	return 0;
}

/* Moves a job through the lists under every kind of lock. */
static int pass_on(struct worker *w)
{
	hf_let(job, j, hf_try(({ hf_lock(q, &w->by_mutex); jobs_pop_front(q); })));

	{
		hf_lock(q, &w->by_spin);
		jobs_push_back(q, hf_move(j));
	}
	{
		hf_lock(from, &w->by_spin);
		hf_lock(to, &w->by_irq);

		jobs_take_all(to, from);
	}
	{
		hf_lock(from, &w->by_irq);
		hf_write_lock(to, &w->by_rw);
		hf_list_cursor(c, from);

		for (struct job *x; (x = jobs_next(&c));)
			jobs_push_back(to, hf_try(jobs_remove(from, x)));
	}
	{
		hf_read_lock(q, &w->by_rw);

		if (jobs_empty(q))
			return -EIO;
	}
	hf_write_lock(q, &w->by_rw);
	jobs_clear(q);
	return 0;
}

static int consume(void *arg)
{
	struct worker *w = arg;
	int err = 0;

	{
		hf_lock(q, &w->by_mutex);

		while (jobs_empty(q) && !err)
			err = hf_wait_timeout(&w->changed, q, 10000);
	}
	if (!err)
		err = pass_on(w);
	hf_complete(&w->done);
	return err;
}

static int queues(void)
{
	struct worker *w = &worker;
	struct task_struct *task;
	int err;

	hf_lock_init(&w->by_mutex);
	hf_lock_init(&w->by_spin);
	hf_lock_init(&w->by_irq);
	hf_lock_init(&w->by_rw);
	/* SAFETY: not shared yet, here and below. */
	jobs_init(hf_lock_get_mut_unchecked(&w->by_mutex));
	jobs_init(hf_lock_get_mut_unchecked(&w->by_spin));
	/* SAFETY: as above. */
	jobs_init(hf_lock_get_mut_unchecked(&w->by_irq));
	jobs_init(hf_lock_get_mut_unchecked(&w->by_rw));
	hf_locked_by_init(&w->count, &w->by_mutex);
	hf_cond_init(&w->changed);
	hf_completion_init(&w->done);

	task = kthread_create(consume, w, "holdfast_use");
	if (IS_ERR(task))
		return PTR_ERR(task);
	get_task_struct(task);
	wake_up_process(task);
	err = submit(w, 7);
	hf_completion_wait(&w->done);
	if (!err)
		err = kthread_stop(task);
	put_task_struct(task);
	if (!err && submit(w, 0) != -EINVAL)
		err = -EIO;

	hf_completion_fini(&w->done);
	hf_cond_fini(&w->changed);
	{
		hf_lock(q, &w->by_mutex);
		jobs_fini(q);
	}
	hf_lock_fini(&w->by_mutex);
	hf_lock_fini(&w->by_spin);
	hf_lock_fini(&w->by_irq);
	hf_lock_fini(&w->by_rw);
	return err;
}

/* --- other kinds of locks ----------------------------------------------------------------------- */

HF_LOCKED_DEFINE(sem_count, rwsem, u32);
HF_LOCKED_DEFINE(bh_count, spinlock_bh, u32);
HF_LOCKED_DEFINE(raw_count, raw_spinlock, u32);
HF_LOCKED_DEFINE(raw_irq_count, raw_spinlock_irq, u32);

static struct {
	struct sem_count sem;
	struct bh_count bh;
	struct raw_count raw;
	struct raw_irq_count raw_irq;
} counts;

static void sleep_unlocked(struct raw_irq_count_guard lent)
{
	hf_use_guard(n, lent);

	++*n;
	{
		hf_unlocked(n);
		msleep(1);
	}
	++*n;
}

static int other_locks(void)
{
	hf_lock_init(&counts.sem);
	hf_lock_init(&counts.bh);
	hf_lock_init(&counts.raw);
	hf_lock_init(&counts.raw_irq);
	{
		hf_write_lock_else(n, &counts.sem, HF_KILLABLE, return -EINTR);
		++*n;
	}
	{
		hf_read_lock_else(n, &counts.sem, HF_INTERRUPTIBLE, return -EINTR);
		hf_lock_else(b, &counts.bh, HF_TRY, return -EBUSY);
		hf_lock(r, &counts.raw);

		*b += *n;
		*r += *b;
	}
	hf_lock_else(n, &counts.raw_irq, HF_TRY, return -EBUSY);
	sleep_unlocked(hf_lend_guard(n));
	return *n == 2 ? 0 : -EIO;
}

/* --- the kernel's locks, in a driver that is not converted yet ----------------------------------- */

static struct {
	spinlock_t lock;
	HF_LOCK_IS(lock, spinlock_irq);
	u32 irqs HF_GUARDED_BY(lock);
	struct mutex open;
	HF_LOCK_IS(open, mutex);
	u32 users HF_GUARDED_BY(open);
	struct rw_semaphore config;
	HF_LOCK_IS(config, rwsem);
	u32 speed HF_GUARDED_BY(config);
} old = {
	.lock = __SPIN_LOCK_UNLOCKED(old.lock),
	.open = __MUTEX_INITIALIZER(old.open),
	.config = __RWSEM_INITIALIZER(old.config),
	.speed = 9600,
};

/* The kernel's own function gives access as well. */
static u32 irqs_by_hand(void)
{
	unsigned long flags;
	u32 n;

	spin_lock_irqsave(&old.lock, flags);
	n = ++old.irqs;
	spin_unlock_irqrestore(&old.lock, flags);
	return n;
}

static int locks_beside_data(void)
{
	u32 n;

	hf_lock_else(users, hf_lock_of(&old, open), HF_KILLABLE, return -EINTR);
	old.users++;
	{
		hf_lock(irqs, hf_lock_of(&old, lock));
		old.irqs++;
		/* Interrupts are off, and the lock is the kernel's. */
		if (!irqs_disabled() || !spin_is_locked(&old.lock))
			return -EIO;
		{
			hf_unlocked(irqs);
			n = irqs_by_hand();
		}
		n += old.irqs;
	}
	hf_read_lock(speed, hf_lock_of(&old, config));
	return n == 4 && old.users == 1 && old.speed == 9600 && !irqs_disabled() ? 0 : -EIO;
}

/* --- shared ownership --------------------------------------------------------------------------- */

struct node {
	struct hf_refs refs;
	u32 id;
};

static int destroyed;

static void node_destroy(struct node *n)
{
	destroyed++;
}

static void node_release(struct node *n)
{
	hf_free(n);
}

HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

static int shared(void)
{
	hf_let_arc(node, a, hf_try(hf_new_arc(node, GFP_KERNEL)));

	hf_try(hf_arc_unique(a))->id = 5;
	hf_let_weak(node, weak, hf_downgrade(node, a));
	{
		hf_let_arc(node, b, hf_clone(a));
		hf_borrow(r, b);

		if (r->id != 5 || hf_is_ok(hf_arc_unique(a)))
			return -EIO;
	}
	hf_drop_arc(node, a);
	const struct node_arc_result gone = hf_upgrade(node, weak);

	return destroyed == 1 && hf_errno(gone) == -ENOENT ? 0 : -EIO;
}

/* --- an ordered map ------------------------------------------------------------------------------ */

struct buffer_size {
	u32 size;
	u32 at;
};

struct buffer {
	const struct buffer_size size;
	struct hf_map_link link;
};

static int buffer_size_compare(const struct buffer_size *a, const struct buffer_size *b)
{
	return hf_compare(&a->size, &b->size) ?: hf_compare(&a->at, &b->at);
}

static void buffer_free(struct buffer *b)
{
	hf_link_fini(&b->link);
	hf_free(b);
}

HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, size, buffer_size_compare);
HF_LOCKED_DEFINE(rw_buffers, rwlock, struct buffers);

static struct rw_buffers free_buffers;

static int buffer_add(u32 size, u32 at)
{
	hf_let(buffer, b, hf_try(hf_new(buffer, GFP_KERNEL)));

	buffers_set_key(hf_mut(b), (struct buffer_size){ .size = size, .at = at });
	hf_write_lock(m, &free_buffers);
	return buffers_insert(m, hf_move(b));
}

static int best_fit(u32 size)
{
	hf_read_lock(m, &free_buffers);
	return (int)hf_try(buffers_lower_bound(m, (struct buffer_size){ .size = size }))->size.at;
}

static int ordered(void)
{
	u32 sum = 0;

	hf_lock_init(&free_buffers);
	{
		hf_write_lock(m, &free_buffers);

		buffers_init(m);
	}
	for (u32 i = 0; i < 64; i++)
		hf_try_errno(buffer_add(64 + i / 2, i));
	if (buffer_add(64, 1) != -EEXIST || best_fit(1) != 0 || best_fit(70) != 12 || best_fit(96) != -ENOENT)
		return -EIO;
	hf_write_lock(m, &free_buffers);
	hf_map_cursor(c, m);
	for (struct buffer *x; (x = buffers_next(&c));)
		if (x->size.at & 1) {
			hf_let(buffer, b, hf_try(buffers_remove(m, x)));

			sum += hf_ref(b)->size.size;
		}
	buffers_clear(m);
	return sum == 32 * 64 + 31 * 16 ? 0 : -EIO;
}

/* --- what is read without a lock ----------------------------------------------------------------- */

struct limits {
	u32 most;
	struct hf_rcu_head rcu;
};

static void limits_free(struct limits *l)
{
	hf_free(l);
}

HF_RCU_DEFINE(limits, struct limits, rcu, limits_free);

static struct limits_rcu current_limits;

static int most(void)
{
	hf_rcu_read_else(l, &current_limits, return -ENODEV);

	return (int)l->most;
}

static int publish(u32 n)
{
	hf_let(limits, l, hf_try(hf_new(limits, GFP_KERNEL)));

	hf_mut(l)->most = n;
	hf_let(limits_retired, old, limits_rcu_replace(&current_limits, hf_move(l)));
	return hf_is_empty(old) ? 0 : (int)hf_ref(old)->most;
}

static int published(void)
{
	limits_rcu_init(&current_limits, hf_empty(limits_own));
	if (most() != -ENODEV || publish(1) != 0 || most() != 1 || publish(2) != 1)
		return -EIO;
	{
		hf_let(limits, l, limits_rcu_wait(limits_rcu_replace(&current_limits, hf_empty(limits_own))));

		hf_mut(l)->most++;
		limits_rcu_init(&current_limits, hf_move(l));
	}
	if (most() != 3)
		return -EIO;
	limits_rcu_fini(&current_limits);
	/* Before this module can go. */
	hf_rcu_barrier();
	return 0;
}

/* --- what may go away --------------------------------------------------------------------------- */

HF_REVOCABLE_DEFINE(slow_node, srcu, node_arc);
HF_REVOCABLE_DEFINE(fast_job, rcu, job_own);

static struct {
	struct slow_node slow;
	struct fast_job fast;
} present;

static int ids_of_present(void)
{
	int id;

	{
		hf_access_else(j, &present.fast, return -ENODEV);
		id = (int)j->id;
	}
	hf_access_else(n, &present.slow, return -ENODEV);
	msleep(1);
	return id + (int)n->id;
}

static int revoked(void)
{
	int ids, err;

	hf_try_errno(slow_node_init(&present.slow, hf_try(hf_new_arc(node, GFP_KERNEL))));
	{
		hf_let(job, j, hf_try(job_new(4)));
		err = fast_job_init(&present.fast, hf_move(j));
	}
	ids = ids_of_present();
	slow_node_revoke(&present.slow);
	if (!err && (ids != 4 || ids_of_present() != -ENODEV))
		err = -EIO;
	fast_job_fini(&present.fast);
	slow_node_fini(&present.slow);
	return err;
}

/* --- objects by number -------------------------------------------------------------------------- */

HF_IDMAP_DEFINE(nodes_by_id, node_arc);

struct numbered {
	struct nodes_by_id by_id;
};

HF_LOCKED_DEFINE(locked_numbered, spinlock_irq, struct numbered);

static int number_one(const struct locked_numbered *l)
{
	hf_let_arc(node, n, hf_try(hf_new_arc(node, GFP_KERNEL)));
	hf_owe(nodes_by_id, slot, hf_try(hf_reserve_id(nodes_by_id, hf_idmap_of(l, by_id), GFP_KERNEL)));
	const u32 id = hf_token_value(slot).id;

	hf_lock(g, l);
	nodes_by_id_fill(&g->by_id, hf_pass(slot), hf_move(n));
	hf_let_arc(node, same, hf_arc_from(node, hf_try(nodes_by_id_find(&g->by_id, id))));
	hf_let_arc(node, back, hf_try(nodes_by_id_remove(&g->by_id, id)));
	return id == 7 && hf_ref(same) == hf_ref(back) && nodes_by_id_empty(&g->by_id) ? 0 : -EIO;
}

static int numbers(void)
{
	static struct locked_numbered l;
	int err;

	hf_lock_init(&l);
	{
		hf_lock(g, &l);
		nodes_by_id_init(&g->by_id, 7, 7);
	}
	err = number_one(&l);
	{
		hf_lock(g, &l);
		nodes_by_id_fini(&g->by_id);
	}
	hf_lock_fini(&l);
	return err;
}

/* --- bytes, numbers, vectors -------------------------------------------------------------------- */

HF_TOKEN_DEFINE(slot, u16);

static int bytes(void)
{
	static const u8 wire[] = { 3, 0x34, 0x12, 0xff };
	struct hf_reader r = hf_reader(hf_slice(u8_cslice, wire));
	struct hf_reader body = hf_try(hf_subreader(&r, hf_try(hf_read_u8(&r))));
	u16 v = hf_try(hf_below_nospec(hf_try(hf_read_le16(&body)), 0x2000));
	u8 copy[4] = { 0 };
	struct hf_writer w = hf_writer(hf_slice(u8_slice, copy));
	u32 sum = 0;

	hf_try_errno(hf_write_be16(&w, v));
	hf_for_each(p, hf_try(hf_array_subslice(u8_slice, copy, 0, 2)))
		sum += *p;
	hf_zip(p, hf_slice(u8_slice, copy), q, hf_slice(u8_cslice, wire))
		*p = *q;
	if (hf_array_at(copy, 3) != 0xff || hf_at(hf_slice(u8_slice, copy), sum & 1) != 3)
		return -EIO;

	hf_let_vec(u32, ids);
	hf_try_errno(hf_vec_push(&ids, hf_try(hf_add_u32(sum, v)), GFP_KERNEL));
	hf_try_errno(hf_vec_reserve(&ids, 100, GFP_KERNEL));
	hf_try_errno(hf_vec_push_within(&ids, hf_mul_sat_u32(v, ~0U)));
	if (hf_len(ids) != 2 || hf_at(ids, 1) != ~0U)
		return -EIO;

	hf_owe(slot, t, hf_oblige(slot, v));
	return hf_settle(t) == 0x1234 ? 0 : -EIO;
}

static void count_call(void *n)
{
	++*(int *)n;
}

static int deferred(void)
{
	int calls = 0;

	{
		hf_defer(one, count_call, &calls);
		hf_defer(two, count_call, &calls);

		hf_dismiss(two);
	}
	return calls == 1 ? 0 : -EIO;
}

static int user_memory(void)
{
	struct hf_uaccess_reader r = hf_uaccess_reader((void __user *)8UL, 16);
	struct hf_uaccess_writer w = hf_uaccess_writer((void __user *)8UL, 16);

	if (hf_errno(hf_uaccess_read_u32(&r)) != -EFAULT || hf_uaccess_write_u32(&w, 1) != -EFAULT)
		return -EIO;
	return hf_remaining(&r) == 16 ? 0 : -EIO;
}

/* --- devices ------------------------------------------------------------------------------------ */

HF_MMIO_DEFINE(regs, 0x40);
HF_REG_RO(regs, cap, 0x00, u64);
HF_REG_RW(regs, cc, 0x14, u32);
HF_REG_RW(regs, mode, 0x18, u16);
HF_REG_WO(regs, kick, 0x1a, u8);

static int registers(void)
{
	static u64 memory[8];
	/* Memory stands in for registers. */
	struct hf_io io = hf_kernel_io((void __force __iomem *)memory, sizeof(memory));
	struct regs r = hf_try(regs_map(io));
	struct hf_reg32 doorbell = hf_try(hf_io_reg32(&r, 0x3c));

	regs_write_cc(&r, 0x460001);
	regs_write_mode(&r, 2);
	regs_write_kick(&r, 1);
	hf_reg32_write(&doorbell, 9);
	hf_try_errno(hf_io_write64(&io, 0, 0x1122334455667788ULL));
	if (hf_io_write32(&io, 0x40, 0) != -ERANGE || !hf_equals(regs_read_cc(&r), 0x460001) ||
	    !hf_equals(hf_try(hf_io_read32(&io, 0x3c)), 9))
		return -EIO;
	return hf_equals(regs_read_cap(&r), 0x1122334455667788ULL) ? 0 : -EIO;
}

struct cqe {
	struct hf_le64 result;
	struct hf_le32 cid;
	struct hf_le32 status;
};

HF_DMA_DEFINE(cqes, struct cqe);

static int lend(struct hf_device *dev)
{
	hf_let(u8_buffer, buf, hf_try(hf_new_buffer(u8, 512, GFP_KERNEL)));

	hf_fill(u8_buffer_slice(hf_mut(buf)), 3);
	hf_let(u8_to_device, out, hf_try(u8_map_to_device(hf_move(buf), dev, NULL)));
	if (hf_dma_size(out) != 512)
		return -EIO;
	hf_let(u8_buffer, back, u8_unmap_to_device(hf_move(out)));
	hf_let(u8_from_device, in, hf_try(u8_map_part_from_device(hf_move(back), dev, 256, 256, NULL)));
	if (hf_dma_size(in) != 256)
		return -EIO;
	hf_let(u8_buffer, got, u8_unmap_from_device(hf_move(in)));
	return hf_at(u8_buffer_cslice(hf_ref(got)), 0) == 3 ? 0 : -EIO;
}

static int share(const struct cqes *a)
{
	u8 bytes[5] = { 1, 2, 3, 4, 5 };

	cqes_write(a, 3, (struct cqe){ .cid = hf_le32(5), .status = hf_le32(1) });
	hf_try(cqes_read_if(a, 3, 12, 1, 1));
	if (hf_errno(cqes_read_if(a, 2, 12, 1, 1)) != -EAGAIN)
		return -EIO;
	if (!hf_equals(hf_from_le(cqes_read(a, 3).cid), 5))
		return -EIO;
	hf_try_errno(cqes_write_bytes(a, 4, hf_slice(u8_cslice, bytes)));
	hf_fill(hf_slice(u8_slice, bytes), 0);
	hf_try_errno(cqes_read_bytes(a, 4, hf_slice(u8_slice, bytes)));
	return hf_array_at(bytes, 4) == 5 ? 0 : -EIO;
}

static int device_memory(struct hf_device *dev)
{
	struct cqes a = hf_try(cqes_alloc(dev, 8, GFP_KERNEL));
	int err = share(&a);

	if (!err)
		err = lend(dev);
	cqes_drop(&a);
	return err;
}

static int devices(void)
{
	struct hf_device dev = { .dev = root_device_register("holdfast_use") };
	int err;

	if (IS_ERR(dev.dev))
		return PTR_ERR(dev.dev);
	dev.dev->dma_mask = &dev.dev->coherent_dma_mask;
	err = dma_set_mask_and_coherent(dev.dev, DMA_BIT_MASK(64));
	if (!err)
		err = device_memory(&dev);
	root_device_unregister(dev.dev);
	return err;
}

/* --- callbacks ---------------------------------------------------------------------------------- */

struct hits {
	u32 hard, soft;
};

HF_LOCKED_DEFINE(locked_hits, spinlock_irq, struct hits);

struct target {
	struct hf_refs refs;
	struct locked_hits hits;
};

static int target_init(struct target *t, int unused)
{
	hf_lock_init(&t->hits);
	return 0;
}

static void target_destroy(struct target *t)
{
	hf_lock_fini(&t->hits);
}

static void target_release(struct target *t)
{
	hf_free(t);
}

HF_ARC_DEFINE(target, struct target, refs, target_destroy, target_release);
HF_THREADED_IRQ_DEFINE(target_irq, target_arc, target_hit, target_hit_thread);

static irqreturn_t target_hit(const struct target *t)
{
	hf_lock(h, &t->hits);

	h->hard++;
	return IRQ_WAKE_THREAD;
}

static irqreturn_t target_hit_thread(const struct target *t)
{
	hf_lock(h, &t->hits);

	h->soft++;
	return IRQ_HANDLED;
}

static int interrupt(unsigned int irq)
{
	hf_let_arc(target, t, hf_try(hf_new_arc_with(target, GFP_KERNEL, target_init, 0)));
	hf_let(target_irq, registered, hf_try(hf_irq_request(target_irq, hf_kernel_irq(irq, 0), "holdfast_use", hf_clone(t),
							     GFP_KERNEL)));

	hf_try_errno(generic_handle_irq_safe(irq));
	hf_drop(target_irq, registered);
	hf_borrow(r, t);
	hf_lock(h, &r->hits);
	return h->hard == 1 && h->soft == 1 ? 0 : -EIO;
}

/* A descriptor without hardware. */
static int interrupts(void)
{
	const int irq = irq_alloc_descs(-1, 0, 1, NUMA_NO_NODE);
	int err;

	if (irq < 0)
		return irq;
	irq_set_chip_and_handler((unsigned int)irq, &dummy_irq_chip, handle_simple_irq);
	irq_modify_status((unsigned int)irq, IRQ_NOREQUEST, 0);
	err = interrupt((unsigned int)irq);
	irq_free_descs((unsigned int)irq, 1);
	return err;
}

HF_CONDVAR_DEFINE(locked_beats);

struct beats {
	struct locked_beats_condvar changed;
	u32 n;
};

HF_LOCKED_DEFINE(locked_beats, spinlock, struct beats);

struct heart {
	struct hf_refs refs;
	struct locked_beats beats;
	struct hf_completion begun;
};

static int heart_init(struct heart *h, int unused)
{
	hf_lock_init(&h->beats);
	/* SAFETY: not shared yet. */
	hf_cond_init(&hf_lock_get_mut_unchecked(&h->beats)->changed);
	hf_completion_init(&h->begun);
	return 0;
}

static void heart_destroy(struct heart *h)
{
	hf_lock_fini(&h->beats);
}

static void heart_release(struct heart *h)
{
	hf_free(h);
}

HF_ARC_DEFINE(heart, struct heart, refs, heart_destroy, heart_release);
HF_THREAD_DEFINE(heart_thread, heart_arc, heart_beat);

static int heart_beat(const struct heart *h)
{
	hf_lock(b, &h->beats);

	b->n++;
	hf_complete(&h->begun);
	while (!hf_thread_should_stop())
		hf_wait(&b->changed, b);
	return 0;
}

static int threads(void)
{
	hf_let_arc(heart, h, hf_try(hf_new_arc_with(heart, GFP_KERNEL, heart_init, 0)));
	hf_let(heart_thread, t, hf_try(hf_thread_spawn(heart_thread, "holdfast_use", hf_clone(h), GFP_KERNEL)));

	hf_completion_wait(&hf_ref(h)->begun);
	hf_drop(heart_thread, t);
	hf_borrow(r, h);
	hf_lock(b, &r->beats);
	return b->n == 1 ? 0 : -EIO;
}

HF_TIMER_DEFINE(hit_timer, hrtimer, target_arc, target_tick);
HF_TIMER_DEFINE(slow_timer, timer, heart_arc, heart_tick);

static struct hf_timer_next target_tick(const struct target *t)
{
	hf_lock(h, &t->hits);

	return ++h->hard < 3 ? hf_timer_again_in(1000) : hf_timer_stop();
}

static struct hf_timer_next heart_tick(const struct heart *h)
{
	hf_complete(&h->begun);
	return hf_timer_again_in(1000);
}

static int timers(void)
{
	hf_let_arc(target, t, hf_try(hf_new_arc_with(target, GFP_KERNEL, target_init, 0)));
	hf_let_arc(heart, h, hf_try(hf_new_arc_with(heart, GFP_KERNEL, heart_init, 0)));
	hf_let(hit_timer, fast, hf_try(hf_timer_new(hit_timer, hf_clone(t), GFP_KERNEL)));
	hf_let(slow_timer, slow, hf_try(hf_timer_new(slow_timer, hf_clone(h), GFP_KERNEL)));

	hf_timer_start(hf_ref(fast), 3600ULL * NSEC_PER_SEC);
	if (!hf_timer_cancel(hf_ref(fast)))
		return -EIO;
	hf_timer_start(hf_ref(fast), 1000);
	hf_timer_start(hf_ref(slow), 1000);
	hf_completion_wait(&hf_ref(h)->begun);
	return hf_timer_cancel(hf_ref(slow)) ? 0 : -EIO;
}

struct ticker {
	struct hf_refs refs;
	struct hf_work tick;
	struct hf_delayed_work later;
	struct hf_completion ticked;
	struct locked_beats ticks;
};

static void ticker_destroy(struct ticker *t)
{
	hf_lock_fini(&t->ticks);
	hf_completion_fini(&t->ticked);
}

static void ticker_release(struct ticker *t)
{
	hf_free(t);
}

HF_ARC_DEFINE(ticker, struct ticker, refs, ticker_destroy, ticker_release);
HF_WORK_DEFINE(ticker_tick, ticker_arc, struct ticker, tick, tick_now);
HF_DELAYED_WORK_DEFINE(ticker_later, ticker_arc, struct ticker, later, tick_later);

static int ticker_init(struct ticker *t, int unused)
{
	hf_lock_init(&t->ticks);
	hf_completion_init(&t->ticked);
	hf_work_init(ticker_tick, t);
	hf_work_init(ticker_later, t);
	return 0;
}

static void tick(const struct ticker *t)
{
	{
		hf_lock(b, &t->ticks);
		b->n++;
	}
	hf_complete(&t->ticked);
}

static void tick_now(struct ticker_arc given)
{
	hf_let_arc(ticker, t, given);

	tick(hf_ref(t));
}

static void tick_later(struct ticker_arc given)
{
	hf_let_arc(ticker, t, given);

	tick(hf_ref(t));
	hf_work_queue_in(ticker_later, hf_system_workqueue(), hf_move(t), 1000000);
}

static int work_items(void)
{
	hf_let(hf_workqueue, wq, hf_try(hf_workqueue_new("holdfast_use", 1, GFP_KERNEL)));
	hf_let_arc(ticker, t, hf_try(hf_new_arc_with(ticker, GFP_KERNEL, ticker_init, 0)));

	hf_try_errno(hf_work_queue(ticker_tick, hf_ref(wq), hf_clone(t)));
	hf_completion_wait(&hf_ref(t)->ticked);
	hf_try_errno(hf_work_queue_in(ticker_later, hf_ref(wq), hf_clone(t), 1000000));
	/* It need not wait any longer. */
	hf_drop(hf_workqueue, wq);
	hf_let_arc(ticker, back, hf_try(hf_work_cancel_wait(ticker_later, hf_ref(t))));
	hf_borrow(r, back);
	hf_lock(b, &r->ticks);
	return b->n == 2 ? 0 : -EIO;
}

/* The kernel's own objects. */
HF_REF_DEFINE(device, struct device, get_device, put_device);

struct pulse {
	struct kref ref;
	bool *ended;
};

static void pulse_release(struct kref *ref)
{
	struct pulse *p = container_of(ref, struct pulse, ref);

	*p->ended = true;
	kfree(p);
}

static void pulse_get(struct pulse *p)
{
	kref_get(&p->ref);
}

static void pulse_put(struct pulse *p)
{
	kref_put(&p->ref, pulse_release);
}

HF_REF_DEFINE(pulse, struct pulse, pulse_get, pulse_put);

static struct pulse *pulse_new(bool *ended)
{
	struct pulse *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return ERR_PTR(-ENOMEM);
	kref_init(&p->ref);
	p->ended = ended;
	return p;
}

static int refer_to(struct device *dev)
{
	const unsigned int before = kref_read(&dev->kobj.kref);

	{
		hf_let_arc(device, d, hf_arc_from(device, dev));
		hf_let_arc(device, other, hf_arc_from(device, hf_ref(d)));

		device_lock(hf_ref_raw(other));
		device_unlock(hf_ref_raw(other));
		if (kref_read(&dev->kobj.kref) != before + 2)
			return -EIO;
	}
	return kref_read(&dev->kobj.kref) == before ? 0 : -EIO;
}

static int references(void)
{
	struct device *dev = root_device_register("holdfast_use_refs");
	bool ended = false;
	int err;

	if (IS_ERR(dev))
		return (int)PTR_ERR(dev);
	err = refer_to(dev);
	root_device_unregister(dev);
	hf_try_errno(err);
	{
		/* SAFETY: the call gives a reference. */
		hf_let_arc(pulse, p, hf_try(hf_adopt_ref_unchecked(pulse, pulse_new(&ended))));
		hf_let_arc(pulse, q, hf_arc_from(pulse, hf_ref(p)));

		hf_drop_arc(pulse, p);
		if (ended || hf_ref(q)->ended != &ended)
			return -EIO;
	}
	return ended ? 0 : -EIO;
}

/* The kernel's own structures. */
HF_FOREIGN_DEFINE(file_heart, heart_arc, struct file, private_data);
HF_FOREIGN_BY_DEFINE(device_heart, heart_arc, struct device, dev_get_drvdata, dev_set_drvdata);
HF_FOREIGN_BY_DEFINE(pci_heart, heart_arc, struct pci_dev, pci_get_drvdata, pci_set_drvdata);

static int pass_through(struct device *dev, struct file *file)
{
	hf_let_arc(heart, h, hf_try(hf_new_arc_with(heart, GFP_KERNEL, heart_init, 0)));

	hf_foreign_store(device_heart, dev, hf_move(h));
	hf_foreign_store(file_heart, file, hf_arc_from(heart, hf_foreign_ref(device_heart, dev)));
	hf_let_arc(heart, first, hf_try(hf_foreign_take(device_heart, dev)));
	hf_let_arc(heart, second, hf_try(hf_foreign_take(file_heart, file)));
	return hf_ref(first) == hf_ref(second) && !dev_get_drvdata(dev) && !file->private_data ? 0 : -EIO;
}

static int foreign_places(void)
{
	struct device *dev = root_device_register("holdfast_use_foreign");
	struct file *file = kzalloc(sizeof(*file), GFP_KERNEL);
	int err = IS_ERR(dev) || !file ? -ENOMEM : pass_through(dev, file);

	kfree(file);
	if (!IS_ERR(dev))
		root_device_unregister(dev);
	return err;
}

/* Nodes: registered, and removed with the device that only they own. */
HF_FILE_DEFINE(heart_node, heart_arc, heart_arc);

static struct heart_arc_result heart_open(const struct heart *h, const struct hf_file *how)
{
	return how->writable ? hf_err(heart_arc, -EACCES) : hf_ok(heart_arc, hf_arc_from(heart, h));
}

HF_FILE_OPS(heart_node, heart_arc, .open = heart_open);

static int nodes(void)
{
	hf_let_arc(heart, h, hf_try(hf_new_arc_with(heart, GFP_KERNEL, heart_init, 0)));
	hf_let(heart_node, n, hf_try(hf_node_register(heart_node, "holdfast_use", hf_move(h), GFP_KERNEL)));
	struct file *f = filp_open("/dev/holdfast_use", O_RDWR, 0);

	return IS_ERR(f) && PTR_ERR(f) == -EACCES ? 0 : -EIO;
}

/* Pages, which a process that loads a module may map: tests/unit/pages.c does. */
static int pages(void)
{
	u8 in[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, out[8] = { 0 };

	hf_let(hf_pages, p, hf_try(hf_new_pages(3 * PAGE_SIZE - 5, GFP_KERNEL_ACCOUNT)));
	hf_try_errno(hf_pages_write(hf_ref(p), hf_pages_size(hf_ref(p)) - 8, hf_slice(u8_cslice, in)));
	hf_try_errno(hf_pages_read(hf_ref(p), 3 * PAGE_SIZE - 8, hf_slice(u8_slice, out)));
	hf_try_errno(hf_pages_store_u32(hf_ref(p), 8, 7));
	if (hf_accept_any(hf_try(hf_pages_load_u32(hf_ref(p), 8))) != 7 || memcmp(in, out, 8) ||
	    hf_pages_write(hf_ref(p), 3 * PAGE_SIZE - 7, hf_slice(u8_cslice, in)) != -ERANGE)
		return -EIO;
	return 0;
}

/* Objects of two kinds in one queue: members, which are shared, and chores, which nobody else has. */
struct todo;
struct todo_own;

struct todo_ops {
	void (*drop)(struct todo_own t);
	int (*run)(struct todo_own t);
};

struct todo {
	const struct todo_ops *const ops;
	struct hf_link link;
};

HF_DYN_DEFINE(todo, const struct todo);
HF_LIST_DEFINE(todos, todo_own, struct todo, link);

struct chore {
	struct todo base;
	int n;
};

static void chore_free(struct chore *c)
{
	hf_link_fini(&c->base.link);
	hf_free(c);
}

HF_OWN_DEFINE(chore, struct chore, chore_free);
HF_IMPL_DEFINE(chore_todo, todo, chore_own, struct chore, base);

static int chore_run(struct todo_own given)
{
	hf_let(todo, t, given);
	hf_let(chore, c, hf_try(hf_downcast(chore_todo, t)));

	return hf_ref(c)->n;
}

HF_IMPL_OPS(chore_todo, .run = chore_run);

struct member {
	struct hf_refs refs;
	struct todo base;
	int n;
};

static void member_destroy(struct member *m)
{
	hf_link_fini(&m->base.link);
}

static void member_release(struct member *m)
{
	hf_free(m);
}

HF_ARC_DEFINE(member, struct member, refs, member_destroy, member_release);
HF_IMPL_DEFINE(member_todo, todo, member_arc, struct member, base);

static int member_init(struct member *m, int n)
{
	hf_impl_init(member_todo, m);
	m->n = n;
	return 0;
}

static int member_run(struct todo_own given)
{
	hf_let(todo, t, given);

	return hf_self(member_todo, hf_ref(t))->n;
}

HF_IMPL_OPS(member_todo, .run = member_run);

static int fill(struct todos *queue)
{
	hf_let(chore, c, hf_try(hf_new(chore, GFP_KERNEL)));
	hf_let_arc(member, m, hf_try(hf_new_arc_with(member, GFP_KERNEL, member_init, 30)));

	hf_impl_init(chore_todo, hf_mut(c));
	hf_mut(c)->n = 4;
	todos_push_back(queue, hf_upcast(chore_todo, hf_move(c)));
	todos_push_back(queue, hf_upcast(member_todo, hf_clone(m)));
	return todos_try_push_back(queue, hf_upcast(member_todo, hf_clone(m))) == -EEXIST ? 0 : -EIO;
}

static int run_next(struct todos *queue)
{
	hf_let(todo, t, hf_try(todos_pop_front(queue)));
	const struct todo_ops *ops = hf_ref(t)->ops;

	return ops->run(hf_move(t));
}

static int kinds(void)
{
	struct todos queue;
	int sum = 0, err;

	todos_init(&queue);
	err = fill(&queue);
	while (!err && !todos_empty(&queue))
		sum += run_next(&queue);
	todos_clear(&queue);
	todos_fini(&queue);
	return err ?: sum == 34 ? 0 : -EIO;
}

static int __init use_init(void)
{
	static int (*const all[])(void) = {
		queues, ordered, other_locks, locks_beside_data, shared, published, revoked, numbers, bytes, deferred, user_memory,
		registers, devices, interrupts, threads, timers, work_items, foreign_places, references, nodes,
		pages, kinds,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		int err = all[i]();

		if (err) {
			pr_err("%ps() gives %s\n", all[i], hf_errname(err));
			return err;
		}
	}
	return 0;
}

static void __exit use_exit(void)
{
}

module_init(use_init);
module_exit(use_exit);

MODULE_DESCRIPTION("A user of Holdfast");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
