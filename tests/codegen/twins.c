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
	const struct hf_list *const stamp = hf_sys_read_once(&x->list_);

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
	hf_sys_store_release(&x->list_, (const struct hf_list *)NULL);
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

/* --- revocable: one look more before the reader enters -------------------------------------------- */

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
