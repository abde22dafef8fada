// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Borrows that end in time, however they are kept and passed on.
#include <holdfast/own.h>
#include <holdfast/arc.h>

struct packet {
	int len, id;
	unsigned char data[64];
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own_result packet_new(int len);
struct packet_own receive(void);
void transmit(struct packet_own p);
int try_transmit(struct packet_own p);
int peek(const struct packet *p);
void poke(struct packet *p);
bool wanted(int i);

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
struct node_arc lookup(void);
void attach(struct node_arc n);

static int kept_until_the_move(void)
{
	hf_let(packet, p, receive());
	const struct packet *r = hf_ref(p);
	const int n = r->len + peek(r);

	transmit(hf_move(p));
	return n;
}

static int kept_again_after_a_new_owner(void)
{
	hf_let(packet, p, receive());
	const struct packet *r = hf_ref(p);
	int n = peek(r);

	transmit(hf_move(p));
	hf_let(packet, q, receive());

	r = hf_ref(q);
	return n + r->len;
}

static void filled_by_a_pointer(void)
{
	hf_let(packet, p, receive());
	struct packet *m = hf_mut(p);

	m->len = 3;
	m->id = m->len;
	transmit(hf_move(p));
}

static int in_scopes(void)
{
	int n = 0;
	hf_let(packet, p, receive());

	{
		hf_borrow(r, p);
		hf_borrow(s, p);

		n += peek(r) + peek(s) + peek(hf_ref(p));
	}
	{
		hf_borrow_mut(m, p);

		poke(m);
	}
	{
		hf_borrow(r, p);

		if (peek(r) > 3)
			return n;
	}
	transmit(hf_move(p));
	return n;
}

struct view {
	const struct packet *p;
	int n;
};

static int by_a_local_view(void)
{
	hf_let(packet, p, receive());
	struct view v = { .p = hf_ref(p) };

	v.n = peek(v.p);
	return v.n;
}

static int look(struct view *v)
{
	return v->n + peek(v->p);
}

static int by_a_view_passed_down(void)
{
	hf_let(packet, p, receive());
	hf_borrow(r, p);
	struct view v = { .p = r, .n = 3 };

	return look(&v);
}

static int of_either(int n)
{
	hf_let(packet, p, receive());
	hf_let(packet, q, receive());
	const struct packet *longer = peek(hf_ref(p)) > n ? hf_ref(p) : hf_ref(q);

	return longer->len;
}

static int shared(void)
{
	hf_let_arc(node, n, lookup());
	hf_let_arc(node, m, hf_clone(n));
	const struct node *r = hf_ref(m);
	int id;

	hf_drop_arc(node, n);
	id = r->id;
	attach(hf_move(m));
	return id;
}

static int weak_and_strong(void)
{
	hf_let_arc(node, n, lookup());
	hf_let_weak(node, w, hf_downgrade(node, n));

	attach(hf_move(n));
	hf_let_arc(node, again, hf_try(hf_upgrade(node, w)));

	return hf_ref(again)->id;
}

static void given_out_by_the_caller(const struct packet **out, const struct packet *p)
{
	*out = p;
}

int all(const struct packet **out, const struct packet *p, int n);
int all(const struct packet **out, const struct packet *p, int n)
{
	filled_by_a_pointer();
	given_out_by_the_caller(out, p);
	return kept_until_the_move() + kept_again_after_a_new_owner() + in_scopes() + by_a_local_view() +
	       by_a_view_passed_down() + of_either(n) + shared() + weak_and_strong();
}
