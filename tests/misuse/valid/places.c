// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Owners in fields, elements and globals: borrowed, cloned, filled, emptied and asked.
#include <holdfast/holdfast.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own_result receive(int port);
void transmit(struct packet_own p);
int submit(struct packet_own p);
int peek(const struct packet *p);
void poke(struct packet *p);

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

struct table {
	struct node_arc nodes[4];
	struct node_weak parent;
	struct packet_own spare;
};

HF_LOCKED_DEFINE(locked_table, mutex, struct table);

/* Find under the lock, take a reference, leave. */
struct node_arc_result find(const struct locked_table *l, size_t i);
struct node_arc_result find(const struct locked_table *l, size_t i)
{
	hf_lock(t, l);

	if (i >= 4 || hf_is_empty(t->nodes[i]))
		return hf_err(node_arc, -ENOENT);
	return hf_ok(node_arc, hf_clone(t->nodes[i]));
}

/* A reference from a borrow: the element that a callback was given. */
struct node_arc keep(const struct node *n);
struct node_arc keep(const struct node *n)
{
	return hf_arc_from(node, n);
}

static int node_init(struct node *n, const int *id)
{
	n->id = *id;
	return n->id < 0 ? -EINVAL : 0;
}

int add(struct table *t, int id);
int add(struct table *t, int id)
{
	hf_let_arc(node, n, hf_try(hf_new_arc_with(node, GFP_KERNEL, node_init, &id)));

	if (hf_is_empty(t->parent))
		hf_set(t->parent, hf_downgrade(node, n));
	if (hf_is_ok(hf_arc_unique(n)))
		return -EBUSY;
	hf_set(t->nodes[0], hf_move(n));
	return hf_set_ok(t->nodes[1], hf_upgrade(node, t->parent));
}

int use(struct table *t, struct packet_own *p);
int use(struct table *t, struct packet_own *p)
{
	if (hf_is_empty(*p) || hf_is_empty(t->spare))
		return 0;
	{
		hf_borrow(r, *p);
		hf_borrow_mut(m, t->spare);

		m->len = r->len;
	}
	poke(hf_mut(*p));
	return peek(hf_ref(*p)) + hf_ref(t->nodes[2])->id;
}

/* A variable that was dropped is asked, and filled again. */
int again(int port);
int again(int port)
{
	hf_let(packet, p, hf_try(receive(port)));

	if (peek(hf_ref(p)))
		hf_drop(packet, p);
	if (hf_is_empty(p))
		hf_set(p, hf_try(receive(port + 1)));
	transmit(hf_move(p));
	return 0;
}

int refill(int port);
int refill(int port)
{
	hf_let(packet, p, hf_empty(packet_own));
	int err = hf_set_ok(p, receive(port));

	if (err)
		return err;
	return peek(hf_ref(p));
}

static struct packet_own last;

int look(void);
int look(void)
{
	return hf_is_empty(last) ? 0 : peek(hf_ref((last)));
}

/* The question and the use in one expression. */
int ask_and_use(int port, bool early);
int ask_and_use(int port, bool early)
{
	hf_let(packet, p, hf_try(receive(port)));

	if (early)
		hf_drop(packet, p);
	if (hf_is_empty(p) || !hf_ref(p)->len)
		return 0;
	return peek(hf_ref(p));
}

int ask_twice(int port, bool early);
int ask_twice(int port, bool early)
{
	hf_let(packet, p, hf_try(receive(port)));

	if (early)
		hf_drop(packet, p);
	if (!hf_is_empty(p) &&
	    peek(hf_ref(p)))
		return 1;
	return hf_is_empty(p) ? -EAGAIN : submit(hf_move(p));
}

/* Filled by the owner of a result after a move: the errno says whether there is one. */
int swap_out(int port);
int swap_out(int port)
{
	hf_let(packet, p, hf_try(receive(port)));

	hf_drop(packet, p);
	hf_try_errno(hf_set_ok(p, receive(port + 1)));
	return submit(hf_move(p));
}

int swap_by_hand(int port);
int swap_by_hand(int port)
{
	hf_let(packet, p, hf_try(receive(port)));
	int err;

	transmit(hf_move(p));
	err = hf_set_ok(p, receive(port + 1));
	if (err)
		return err;
	poke(hf_mut(p));
	return peek(hf_ref(p));
}

int in_a_loop(int port, int n);
int in_a_loop(int port, int n)
{
	hf_let(packet, p, hf_try(receive(port)));

	while (n--) {
		transmit(hf_move(p));
		hf_try_errno(hf_set_ok(p, receive(port + 1)));
	}
	return submit(hf_move(p));
}
