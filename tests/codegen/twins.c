/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Twins: the code of a good kernel programmer, and the same with Holdfast.  tests/codegen/run compares the
 * instructions of each pair; docs/codegen.md shows three pairs.
 */
#include <holdfast/holdfast.h>

struct packet {
	u32 len;
	u8 data[60];
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

/* --- own: moves --------------------------------------------------------------------------------- */

void raw_send(struct packet *p);
void hf_send(struct packet_own p);

void raw_own_pass(struct packet *p);
void raw_own_pass(struct packet *p)
{
	raw_send(p);
}

void hf_own_pass(struct packet_own arg);
void hf_own_pass(struct packet_own arg)
{
	hf_send(arg);
}

/* Moves an owner out of a field that may be empty. */
struct slot {
	struct packet *raw;
	struct packet_own own;
};

struct packet *raw_own_take(struct packet **slot);
struct packet *raw_own_take(struct packet **slot)
{
	struct packet *p = *slot;

	*slot = NULL;
	return p;
}

struct packet_own hf_own_take(struct packet_own *slot);
struct packet_own hf_own_take(struct packet_own *slot)
{
	return hf_take(*slot);
}

/* An early return drops the owner; success moves it on. */
int raw_own_scope(struct packet *p, u32 max);
int raw_own_scope(struct packet *p, u32 max)
{
	if (!p)
		__builtin_trap();
	if (p->len > max) {
		packet_free(p);
		return -EMSGSIZE;
	}
	raw_send(p);
	return 0;
}

int hf_own_scope(struct packet_own arg, u32 max);
int hf_own_scope(struct packet_own arg, u32 max)
{
	hf_let(packet, p, arg);

	if (hf_ref(p)->len > max)
		return -EMSGSIZE;
	hf_send(hf_move(p));
	return 0;
}

/* --- slice: a loop, and a loop over a part ------------------------------------------------------ */

u32 raw_slice_sum(const u32 *p, size_t n);
u32 raw_slice_sum(const u32 *p, size_t n)
{
	u32 sum = 0;

	for (const u32 *end = p + n; p != end; p++)
		sum += *p;
	return sum;
}

u32 hf_slice_sum(struct u32_cslice s);
u32 hf_slice_sum(struct u32_cslice s)
{
	u32 sum = 0;

	hf_for_each(p, s)
		sum += *p;
	return sum;
}

int raw_slice_sub(const u8 *p, size_t len, size_t from, size_t n);
int raw_slice_sub(const u8 *p, size_t len, size_t from, size_t n)
{
	if (from > len || n > len - from)
		return -ERANGE;
	p += from;
	if (n < 1)
		return -ERANGE;
	return p[0];
}

int hf_slice_sub(struct u8_cslice s, size_t from, size_t n);
int hf_slice_sub(struct u8_cslice s, size_t from, size_t n)
{
	return *hf_try(hf_get(hf_try(hf_subslice(s, from, n)), 0));
}

/* --- result: a value or an errno in one register ------------------------------------------------ */

HF_PTR_RESULT_DEFINE(packet, struct packet);
struct packet *raw_find(u32 id);
struct packet_result hf_find(u32 id);

#define MAX_ERRNO 4095
int raw_result_try(u32 id);
int raw_result_try(u32 id)
{
	struct packet *p = raw_find(id);

	if ((unsigned long)p >= (unsigned long)-MAX_ERRNO)
		return (int)(long)p;
	return (int)p->len;
}

int hf_result_try(u32 id);
int hf_result_try(u32 id)
{
	return (int)hf_try(hf_find(id))->len;
}

/* An untrusted index, which the raw side checks as well. */
u32 raw_checked_index(const u32 *table, u16 wire, u32 n);
u32 raw_checked_index(const u32 *table, u16 wire, u32 n)
{
	u16 i = le16_to_cpu(wire);

	if (i >= n)
		return 0;
	return table[i];
}

u32 hf_checked_index(const u32 *table, struct hf_le16 wire, u32 n);
u32 hf_checked_index(const u32 *table, struct hf_le16 wire, u32 n)
{
	struct u16_result i = hf_below(hf_from_le(wire), n);

	if (!hf_is_ok(i))
		return 0;
	return table[hf_expect(i, "tested above")];
}

void raw_slice_zip(u32 *to, size_t n, const u32 *from, size_t m);
void raw_slice_zip(u32 *to, size_t n, const u32 *from, size_t m)
{
	if (m < n)
		n = m;
	for (size_t i = 0; i < n; i++)
		to[i] += from[i];
}

void hf_slice_zip(struct u32_slice to, struct u32_cslice from);
void hf_slice_zip(struct u32_slice to, struct u32_cslice from)
{
	hf_zip(t, to, f, from)
		*t += *f;
}

/* A checked store: members that it cannot change are not loaded again after it. */
struct raw_ring {
	size_t len;
	u32 *slots;
	size_t head;
};

struct hf_ring {
	struct u32_slice slots;
	size_t head;
};

void raw_slice_store(struct raw_ring *r, u32 v);
void raw_slice_store(struct raw_ring *r, u32 v)
{
	if (r->head >= r->len)
		__builtin_trap();
	r->slots[r->head] = v;
	if (++r->head == r->len)
		r->head = 0;
}

void hf_slice_store(struct hf_ring *r, u32 v);
void hf_slice_store(struct hf_ring *r, u32 v)
{
	hf_at(r->slots, r->head) = v;
	if (++r->head == hf_len(r->slots))
		r->head = 0;
}

/* --- list: removal, after which the compiler knows that the owner is not empty ------------------ */

struct node {
	u32 value;
	struct hf_link link;
};

static void node_free(struct node *n)
{
	hf_link_fini(&n->link);
}

HF_OWN_DEFINE(node, struct node, node_free);
HF_LIST_DEFINE(nodes, node_own, struct node, link);

int raw_list_remove(struct nodes *l, struct node *n);
int raw_list_remove(struct nodes *l, struct node *n)
{
	struct hf_link *const x = &n->link, *prev, *next;
	const void *const stamp = hf_sys_read_once(&x->in_);

	if (stamp != &l->list) {
		if (stamp)
			__builtin_trap();
		return -ENOENT;
	}
	prev = x->prev_;
	next = x->next_;
	for (struct hf_cursor_ *c = l->list.cursors_; c; c = c->other_)
		if (c->at_ == x) {
			c->at_ = prev;
			c->gone_ = true;
		}
	hf_sys_store_release(&x->in_, (const void *)NULL);
	prev->next_ = next;
	next->prev_ = prev;
	return (int)n->value;
}

int hf_list_remove(struct nodes *l, struct node *n);
int hf_list_remove(struct nodes *l, struct node *n)
{
	hf_let(node, e, hf_try(nodes_remove(l, n)));

	return (int)hf_ref(e)->value;
}

/* --- revocable: whether its domain is there, before the reader enters ---------------------------- */

struct window {
	int status;
};

void window_unmap(struct window *w);
int window_read(const struct window *w);
HF_OWN_DEFINE(window, struct window, window_unmap);
HF_REVOCABLE_DEFINE(slow_window, srcu, window_own);
HF_REVOCABLE_DEFINE(fast_window, rcu, window_own);

#define ACCESS(kind, type)							\
	int raw_access_##kind(struct type *r);						\
	int raw_access_##kind(struct type *r)						\
	{										\
		const int idx = hf_sys_##kind##_read_lock(&r->domain_);			\
		const struct window *const w = hf_sys_read_published(&r->r_.ptr_);	\
		int status;								\
											\
		if (!w) {								\
			hf_sys_##kind##_read_unlock(&r->domain_, idx);			\
			return -ENODEV;							\
		}									\
		status = window_read(w);						\
		hf_sys_##kind##_read_unlock(&r->domain_, idx);				\
		return status;								\
	}										\
	int hf_access_##kind(const struct type *r);					\
	int hf_access_##kind(const struct type *r)					\
	{										\
		hf_access_else(w, r, return -ENODEV);					\
											\
		return window_read(w);							\
	}
ACCESS(srcu, slow_window)
ACCESS(rcu, fast_window)

/* --- rcu: a reader ------------------------------------------------------------------------------- */

struct config {
	struct hf_rcu_head rcu;
	int limit;
};

void config_free(struct config *c);
HF_RCU_DEFINE(config, struct config, rcu, config_free);

int raw_rcu_read(struct config_rcu *place);
int raw_rcu_read(struct config_rcu *place)
{
	const struct config *c;
	int limit;

	(void)hf_sys_rcu_read_lock((struct hf_sys_rcu *)NULL);
	c = hf_sys_read_published(&place->ptr_);
	if (!c) {
		hf_sys_rcu_read_unlock((struct hf_sys_rcu *)NULL, 0);
		return -ENODEV;
	}
	limit = c->limit;
	hf_sys_rcu_read_unlock((struct hf_sys_rcu *)NULL, 0);
	return limit;
}

int hf_rcu_read(const struct config_rcu *place);
int hf_rcu_read(const struct config_rcu *place)
{
	hf_rcu_read_else(c, place, return -ENODEV);

	return c->limit;
}

/* A writer that replaces what it published, under a lock of its own. */
static void by_hand_config_end(struct rcu_head *h)
{
	config_free((struct config *)(void *)((char *)h - offsetof(struct config, rcu)));
}

void raw_rcu_swap(struct config_rcu *place, struct config *next);
void raw_rcu_swap(struct config_rcu *place, struct config *next)
{
	struct config *old = place->ptr_;

	hf_sys_store_release(&place->ptr_, (void *)next);
	if (old)
		hf_sys_rcu_call(&old->rcu.h_, by_hand_config_end);
}

void hf_rcu_swap(const struct config_rcu *place, struct config_own arg);
void hf_rcu_swap(const struct config_rcu *place, struct config_own arg)
{
	hf_let(config_retired, old, config_rcu_replace(place, arg));
}

/* --- ref: an object that others count ------------------------------------------------------------ */

struct edu {
	int status;
	struct hf_work reset;		/* of both sides */
	struct hf_sys_hrtimer poll;	/* of the raw side */
};

struct edu *edu_get(struct edu *e);
void edu_put(struct edu *e);
int edu_status(const struct edu *e);
HF_REF_DEFINE(edu, struct edu, edu_get, edu_put);

int raw_ref_use(struct edu *e);
int raw_ref_use(struct edu *e)
{
	int status;

	edu_get(e);
	status = edu_status(e);
	edu_put(e);
	return status;
}

int hf_ref_use(const struct edu *e);
int hf_ref_use(const struct edu *e)
{
	hf_let_arc(edu, mine, hf_arc_from(edu, e));

	return edu_status(hf_ref(mine));
}

void raw_ref_keep(struct edu **slot, struct edu *e);
void raw_ref_keep(struct edu **slot, struct edu *e)
{
	edu_get(e);
	*slot = e;
}

void hf_ref_keep(struct edu_arc *slot, const struct edu *e);
void hf_ref_keep(struct edu_arc *slot, const struct edu *e)
{
	hf_set(*slot, hf_arc_from(edu, e));
}

/* --- foreign: an open file that owns a session --------------------------------------------------- */

struct session {
	struct u8_cslice result;
	int key;
};

void session_free(struct session *s);
void session_command(const struct session *s, u32 command);
u32 session_status(const struct session *s);
HF_OWN_DEFINE(session, struct session, session_free);

struct open_file {
	unsigned int flags;
	void *private_data;
};

HF_FOREIGN_DEFINE(session_of, session_own, struct open_file, private_data);

void raw_foreign_open(struct open_file *f, struct session *s);
void raw_foreign_open(struct open_file *f, struct session *s)
{
	f->private_data = s;
}

void hf_foreign_open(struct open_file *f, struct session_own s);
void hf_foreign_open(struct open_file *f, struct session_own s)
{
	hf_foreign_store(session_of, f, s);
}

int raw_foreign_read(const struct open_file *f);
int raw_foreign_read(const struct open_file *f)
{
	const struct session *s = f->private_data;

	return s->key;
}

int hf_foreign_read(const struct open_file *f);
int hf_foreign_read(const struct open_file *f)
{
	return hf_foreign_ref(session_of, f)->key;
}

int raw_foreign_release(struct open_file *f);
int raw_foreign_release(struct open_file *f)
{
	session_free(f->private_data);
	return 0;
}

int hf_foreign_release(struct open_file *f);
int hf_foreign_release(struct open_file *f)
{
	hf_let(session, s, hf_try(hf_foreign_take(session_of, f)));

	return 0;
}

/* --- dyn: an operation of one kind behind an interface, and the end of an object of any kind --------- */

struct shape;
struct shape_own;

struct shape_ops {
	void (*drop)(struct shape_own s);
	int (*area)(const struct shape *s);
};

struct shape {
	const struct shape_ops *const ops;
};

HF_DYN_DEFINE(shape, struct shape);

struct circle {
	int radius;
	struct shape base;
};

void circle_free(struct circle *c);
HF_OWN_DEFINE(circle, struct circle, circle_free);
HF_IMPL_DEFINE(circle_shape, shape, circle_own, struct circle, base);

/* The same by hand. */
struct raw_shape {
	const struct raw_shape_ops {
		void (*drop)(struct raw_shape *s);
		int (*area)(const struct raw_shape *s);
	} *ops;
};

int raw_dyn_area(const struct shape *s);
int raw_dyn_area(const struct shape *s)
{
	const struct circle *c = (const void *)((const char *)s - offsetof(struct circle, base));

	return c->radius * c->radius;
}

int hf_dyn_area(const struct shape *s);
int hf_dyn_area(const struct shape *s)
{
	const struct circle *c = hf_self(circle_shape, s);

	return c->radius * c->radius;
}

HF_IMPL_OPS(circle_shape, .area = hf_dyn_area);

int raw_dyn_drop(struct raw_shape *s);
int raw_dyn_drop(struct raw_shape *s)
{
	const int area = s->ops->area(s);

	s->ops->drop(s);
	return area;
}

int hf_dyn_drop(struct shape_own given);
int hf_dyn_drop(struct shape_own given)
{
	hf_let(shape, s, given);
	const struct shape *lent = hf_ref(s);

	return lent->ops->area(lent);
}

/* --- irq: a registration, and a call of the handler ------------------------------------------------ */

HF_IRQ_DEFINE(edu_irq, edu_arc, edu_interrupt);

static irqreturn_t edu_interrupt(const struct edu *e)
{
	return edu_status(e) ? IRQ_HANDLED : IRQ_NONE;
}

irqreturn_t raw_irq_call(int irq, void *ctx);
irqreturn_t raw_irq_call(int irq, void *ctx)
{
	const struct edu *e = ctx;

	(void)irq;
	return edu_status(e) ? IRQ_HANDLED : IRQ_NONE;
}

irqreturn_t hf_irq_call(int irq, void *ctx);
irqreturn_t hf_irq_call(int irq, void *ctx)
{
	return edu_irq_enter_(irq, ctx);
}

/* As devm_request_irq(), it allocates what undoes the registration; the name is the caller's, and copied. */
struct raw_registration {
	struct edu *edu;
	struct hf_sys_irq irq;
	char text[32];
};

struct raw_registration *raw_irq_register(struct hf_irq_line line, const char *text, struct edu *e);
struct raw_registration *raw_irq_register(struct hf_irq_line line, const char *text, struct edu *e)
{
	struct raw_registration *r = hf_sys_alloc(sizeof(*r), GFP_KERNEL);
	int err = -ENOMEM;
	size_t i;

	if (!r)
		goto put;
	for (i = 0; i < sizeof(r->text) - 1 && text[i]; i++)
		r->text[i] = text[i];
	r->text[i] = '\0';
	r->edu = e;
	err = hf_sys_irq_request(&r->irq, line, r->text, raw_irq_call, NULL, e);
	if (err)
		goto free;
	return r;
free:
	hf_sys_free(r);
put:
	edu_put(e);
	return (struct raw_registration *)(long)err;
}

struct edu_irq_own_result hf_irq_register(struct hf_irq_line line, const char *text, struct edu_arc e);
struct edu_irq_own_result hf_irq_register(struct hf_irq_line line, const char *text, struct edu_arc e)
{
	return hf_irq_request(edu_irq, line, text, e, GFP_KERNEL);
}

/* --- work: the queue has a reference --------------------------------------------------------------- */

void edu_do_reset(const struct edu *e);
HF_WORK_DEFINE(edu_reset, edu_arc, struct edu, reset, reset_edu);

static void reset_edu(struct edu_arc given)
{
	hf_let_arc(edu, e, given);

	edu_do_reset(hf_ref(e));
}

int raw_work_submit(const struct hf_workqueue *wq, struct edu *e);
int raw_work_submit(const struct hf_workqueue *wq, struct edu *e)
{
	int err;

	edu_get(e);
	err = hf_sys_work_queue(wq, &e->reset.work_);
	if (err)
		edu_put(e);
	return err;
}

int hf_work_submit(const struct hf_workqueue *wq, const struct edu *e);
int hf_work_submit(const struct hf_workqueue *wq, const struct edu *e)
{
	return hf_work_queue(edu_reset, wq, hf_arc_from(edu, e));
}

void raw_work_run(struct work_struct *w);
void raw_work_run(struct work_struct *w)
{
	struct edu *e = (struct edu *)(void *)((char *)w - offsetof(struct edu, reset.work_));

	edu_do_reset(e);
	edu_put(e);
}

void hf_work_run(struct work_struct *w);
void hf_work_run(struct work_struct *w)
{
	edu_reset_enter_(w);
}

int raw_work_withdraw(struct edu *e);
int raw_work_withdraw(struct edu *e)
{
	if (!hf_sys_work_cancel(&e->reset.work_))
		return -ENOENT;
	edu_put(e);
	return 0;
}

int hf_work_withdraw(const struct edu *e);
int hf_work_withdraw(const struct edu *e)
{
	hf_let_arc(edu, queued, hf_try(hf_work_cancel(edu_reset, e)));

	return 0;
}

/* --- timer: arm it, its function, disarm it -------------------------------------------------------- */

HF_TIMER_DEFINE(edu_poll, hrtimer, edu_arc, edu_tick);

static struct hf_timer_next edu_tick(const struct edu *e)
{
	return edu_status(e) ? hf_timer_again_in(1000000) : hf_timer_stop();
}

/* What has a reference to the device. */
struct raw_user {
	struct edu *edu;
};

struct hf_user {
	struct edu_arc edu;
	struct edu_poll_own poll;
};

void raw_timer_arm(struct raw_user *u, u64 ns);
void raw_timer_arm(struct raw_user *u, u64 ns)
{
	hf_sys_hrtimer_start(&u->edu->poll, ns);
}

void hf_timer_arm(const struct hf_user *u, u64 ns);
void hf_timer_arm(const struct hf_user *u, u64 ns)
{
	hf_timer_start(hf_ref(u->poll), ns);
}

static inline u64 by_hand_tick(struct edu *e)
{
	return edu_status(e) ? 1000000 : HF_SYS_FOREVER;
}

hf_sys_hrtimer_callback(by_hand_timer, struct edu, poll, by_hand_tick)

u64 raw_timer_call(struct hf_user_timer *t);
u64 raw_timer_call(struct hf_user_timer *t)
{
	return by_hand_timer(t);
}

u64 hf_timer_call(struct hf_user_timer *t);
u64 hf_timer_call(struct hf_user_timer *t)
{
	return edu_poll_enter_(t);
}

bool raw_timer_disarm(struct raw_user *u);
bool raw_timer_disarm(struct raw_user *u)
{
	return hf_sys_hrtimer_cancel(&u->edu->poll);
}

bool hf_timer_disarm(const struct hf_user *u);
bool hf_timer_disarm(const struct hf_user *u)
{
	return hf_timer_cancel(hf_ref(u->poll));
}

/* --- file: from the table of operations to the driver's functions ---------------------------------- */

#define SESSION_STATUS	_IOR('s', 1, u32)
#define SESSION_COMMAND	_IOW('s', 2, u32)

HF_FILE_DEFINE(session_node, edu_arc, session_own);

struct session_own_result session_new(const struct edu *e);

static struct session_own_result open_session(const struct edu *e, const struct hf_file *file)
{
	(void)file;
	return session_new(e);
}

static int read_session(const struct session *s, struct hf_uaccess_writer *to, const struct hf_file *file)
{
	(void)file;
	return hf_uaccess_write(to, s->result);
}

static int write_session(const struct session *s, struct hf_uaccess_reader *from, const struct hf_file *file)
{
	const u32 command = hf_accept_any(hf_try(hf_uaccess_read_u32(from)));

	(void)file;
	session_command(s, command);
	return 0;
}

static int control_session(const struct session *s, unsigned int cmd, const struct hf_ioctl_arg *arg,
			   const struct hf_file *file)
{
	struct hf_uaccess_reader from;
	struct hf_uaccess_writer to;

	(void)file;
	switch (cmd) {
	case SESSION_STATUS:
		to = hf_ioctl_writer(arg);
		return hf_uaccess_write_u32(&to, session_status(s));
	case SESSION_COMMAND:
		from = hf_ioctl_reader(arg);
		session_command(s, hf_accept_any(hf_try(hf_uaccess_read_u32(&from))));
		return 0;
	default:
		return -ENOTTY;
	}
}

HF_FILE_OPS(session_node, session_own, .open = open_session, .read = read_session, .write = write_session,
	    .ioctl = control_session);

ssize_t raw_file_read(const void *opened, void __user *to, size_t n, const struct hf_file *how);
ssize_t raw_file_read(const void *opened, void __user *to, size_t n, const struct hf_file *how)
{
	const struct session *s = opened;
	const size_t len = s->result.len_;

	(void)how;
	if (len > n)
		return -ENOSPC;
	if (hf_sys_copy_to_user(to, s->result.ptr_, len))
		return -EFAULT;
	return (ssize_t)len;
}

ssize_t hf_file_read(const void *opened, void __user *to, size_t n, const struct hf_file *how);
ssize_t hf_file_read(const void *opened, void __user *to, size_t n, const struct hf_file *how)
{
	return session_node_sys_read_(opened, to, n, how);
}

ssize_t raw_file_write(const void *opened, const void __user *from, size_t n, const struct hf_file *how);
ssize_t raw_file_write(const void *opened, const void __user *from, size_t n, const struct hf_file *how)
{
	u32 command;

	(void)how;
	if (n < sizeof(command))
		return -ENODATA;
	if (hf_sys_copy_from_user(&command, from, sizeof(command)))
		return -EFAULT;
	session_command(opened, command);
	return sizeof(command);
}

ssize_t hf_file_write(const void *opened, const void __user *from, size_t n, const struct hf_file *how);
ssize_t hf_file_write(const void *opened, const void __user *from, size_t n, const struct hf_file *how)
{
	return session_node_sys_write_(opened, from, n, how);
}

int raw_file_ioctl(const void *opened, unsigned int cmd, void __user *arg, const struct hf_file *how);
int raw_file_ioctl(const void *opened, unsigned int cmd, void __user *arg, const struct hf_file *how)
{
	u32 v;

	(void)how;

	switch (cmd) {
	case SESSION_STATUS:
		v = session_status(opened);
		return hf_sys_copy_to_user(arg, &v, sizeof(v)) ? -EFAULT : 0;
	case SESSION_COMMAND:
		if (hf_sys_copy_from_user(&v, arg, sizeof(v)))
			return -EFAULT;
		session_command(opened, v);
		return 0;
	default:
		return -ENOTTY;
	}
}

int hf_file_ioctl(const void *opened, unsigned int cmd, void __user *arg, const struct hf_file *how);
int hf_file_ioctl(const void *opened, unsigned int cmd, void __user *arg, const struct hf_file *how)
{
	return session_node_sys_ioctl_(opened, cmd, arg, how);
}

void raw_file_close(void *opened);
void raw_file_close(void *opened)
{
	session_free(opened);
}

void hf_file_close(void *opened);
void hf_file_close(void *opened)
{
	session_node_sys_close_(opened);
}

/* --- lock: one that was in its structure before ---------------------------------------------------- */

struct port {
	pthread_mutex_t lock;
	HF_LOCK_IS(lock, mutex);
	int pending HF_GUARDED_BY(lock);
};

int raw_lock_beside(struct port *p, int n);
HF_UNANALYZED int raw_lock_beside(struct port *p, int n)
{
	int err = -EBUSY;

	pthread_mutex_lock(&p->lock);
	if (p->pending > n)
		goto out;
	err = p->pending += n;
out:
	pthread_mutex_unlock(&p->lock);
	return err;
}

int hf_lock_beside(struct port *p, int n);
int hf_lock_beside(struct port *p, int n)
{
	hf_lock(g, hf_lock_of(p, lock));
	if (p->pending > n)
		return -EBUSY;
	return p->pending += n;
}

/* --- dma: a buffer that a device reads once ------------------------------------------------------- */

struct raw_buffer {
	u8 *cpu;
	size_t len, size;
	dma_addr_t addr;
	struct hf_device *dev;
};

int transfer(dma_addr_t addr, size_t size);

int raw_dma_lend(struct raw_buffer **place, struct hf_device *dev);
int raw_dma_lend(struct raw_buffer **place, struct hf_device *dev)
{
	struct raw_buffer *const b = *place;
	int err;

	b->size = b->len;
	err = hf_sys_dma_map(dev, b->cpu, b->size, true, false, &b->addr);
	if (err < 0)
		return err;
	b->dev = dev;
	err = transfer(b->addr, b->size);
	hf_sys_dma_unmap(b->dev, b->addr, b->size, true, false);
	return err;
}

int hf_dma_lend(struct u8_buffer_own *place, struct hf_device *dev);
int hf_dma_lend(struct u8_buffer_own *place, struct hf_device *dev)
{
	hf_let(u8_to_device, m, hf_try(u8_map_to_device(hf_take(*place), dev, place)));
	const int err = transfer(hf_dma_addr(m), hf_dma_size(m));

	hf_set(*place, u8_unmap_to_device(hf_move(m)));
	return err;
}
