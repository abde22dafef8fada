// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Unique and shared ownership. */
#include "../bench.h"
#include "../refs.h"

struct packet {
	u32 len;
	u32 id;
	u8 data[56];
};

void bench_packet_free(struct packet *p);
void bench_packet_free(struct packet *p)
{
	hf_free(p);
}

HF_OWN_DEFINE(packet, struct packet, bench_packet_free);

/* --- create, use, drop -------------------------------------------------------------------------- */

s64 raw_own_create_drop(const struct bench_in *in)
{
	s64 sum = 0;

	for (size_t i = 0; i < 64 && i < in->n; i++) {
		struct packet *p = hf_sys_alloc(sizeof(*p), GFP_ATOMIC);

		if (!p)
			return -ENOMEM;
		p->len = in->words[i];
		sum += p->len + p->id;
		bench_packet_free(p);
	}
	return sum;
}

s64 hf_own_create_drop(const struct bench_in *in)
{
	s64 sum = 0;

	for (size_t i = 0; i < 64 && i < in->n; i++) {
		hf_let(packet, p, hf_try(hf_new(packet, GFP_ATOMIC)));

		hf_mut(p)->len = in->words[i];
		sum += hf_ref(p)->len + hf_ref(p)->id;
	}
	return sum;
}

/* --- move into a function that moves it on ------------------------------------------------------ */

BENCH_CALL static struct packet *raw_own_move_on(struct packet *p, u32 len)
{
	if (len & 0x80000000) {
		bench_packet_free(p);
		return NULL;
	}
	p->len += len;
	return p;
}

s64 raw_own_move(const struct bench_in *in)
{
	struct packet *p = hf_sys_alloc(sizeof(*p), GFP_ATOMIC);
	s64 sum;

	if (!p)
		return -ENOMEM;
	for (size_t i = 0; i < in->n; i++) {
		p = raw_own_move_on(p, in->words[i]);
		if (!p)
			return -EMSGSIZE;
	}
	sum = p->len;
	bench_packet_free(p);
	return sum;
}

BENCH_CALL static struct packet_own hf_own_move_on(struct packet_own arg, u32 len)
{
	hf_let(packet, p, arg);

	if (len & 0x80000000)
		return hf_empty(packet_own);
	hf_mut(p)->len += len;
	return hf_move(p);
}

s64 hf_own_move(const struct bench_in *in)
{
	hf_let(packet, p, hf_try(hf_new(packet, GFP_ATOMIC)));

	for (size_t i = 0; i < in->n; i++) {
		hf_set(p, hf_own_move_on(hf_move(p), in->words[i]));
		if (hf_is_empty(p))
			return -EMSGSIZE;
	}
	return hf_ref(p)->len;
}

/* --- move between slots ------------------------------------------------------------------------- */

#define SLOTS 16u

s64 raw_own_take_put(const struct bench_in *in)
{
	struct packet **const slots = in->arena;
	struct packet *p = hf_sys_alloc(sizeof(*p), GFP_ATOMIC);
	u32 from = 0;
	s64 sum;

	if (!p)
		return -ENOMEM;
	slots[0] = p;
	for (size_t i = 0; i < in->n; i++) {
		const u32 to = in->words[i] % SLOTS;

		p = slots[from];
		slots[from] = NULL;
		p->len += to;
		slots[to] = p;
		from = to;
	}
	sum = slots[from]->len;
	bench_packet_free(slots[from]);
	slots[from] = NULL;
	return sum;
}

s64 hf_own_take_put(const struct bench_in *in)
{
	struct packet_own *const slots = in->arena;
	u32 from = 0;
	s64 sum;

	hf_set(slots[0], hf_try(hf_new(packet, GFP_ATOMIC)));
	for (size_t i = 0; i < in->n; i++) {
		const u32 to = in->words[i] % SLOTS;
		hf_let(packet, p, hf_take(slots[from]));

		hf_mut(p)->len += to;
		hf_set(slots[to], hf_move(p));
		from = to;
	}
	sum = hf_ref(slots[from])->len;
	packet_own_drop(&slots[from]);
	return sum;
}

/* --- shared ownership: the raw side is a kref, with the checks of refcount_t --------------------- */

struct raw_node {
	hf_sys_atomic refs;
	u32 value;
};

struct node {
	struct hf_refs refs;
	u32 value;
};

static void raw_node_put(struct raw_node *n)
{
	if (raw_refs_put(&n->refs))
		hf_sys_free(n);
}

BENCH_CALL static u32 raw_arc_clone_put_use(struct raw_node *n, u32 v)
{
	u32 value = n->value ^ v;

	raw_node_put(n);
	return value;
}

s64 raw_arc_clone_put(const struct bench_in *in)
{
	struct raw_node *n = hf_sys_alloc(sizeof(*n), GFP_ATOMIC);
	s64 sum = 0;

	if (!n)
		return -ENOMEM;
	hf_sys_atomic_init(&n->refs, 1);
	n->value = 7;
	for (size_t i = 0; i < 256 && i < in->n; i++) {
		raw_refs_get(&n->refs);
		sum += raw_arc_clone_put_use(n, in->words[i]);
	}
	raw_node_put(n);
	return sum;
}

static void node_destroy(struct node *n)
{
	(void)n;
}

static void node_release(struct node *n)
{
	hf_free(n);
}

HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

BENCH_CALL static u32 hf_arc_clone_put_use(struct node_arc arg, u32 v)
{
	hf_let_arc(node, n, arg);

	return hf_ref(n)->value ^ v;
}

s64 hf_arc_clone_put(const struct bench_in *in)
{
	hf_let_arc(node, n, hf_try(hf_new_arc(node, GFP_ATOMIC)));
	s64 sum = 0;

	hf_expect(hf_arc_unique(n), "it is new")->value = 7;
	for (size_t i = 0; i < 256 && i < in->n; i++)
		sum += hf_arc_clone_put_use(hf_clone(n), in->words[i]);
	return sum;
}
