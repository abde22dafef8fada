// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Owners in structures, arrays and arrays of structures.
#include <holdfast/own.h>
#include <holdfast/slice.h>

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

struct slot {
	struct packet_own packet;
	bool busy;
};

struct queue {
	struct packet_own head;
	struct packet_own ring[8];
	struct slot slots[4];
	int n;
};

static void put_into_a_field(struct queue *q)
{
	hf_let(packet, p, receive());

	if (hf_is_empty(q->head))
		hf_set(q->head, hf_move(p));
}

static int taken_out_of_a_field(struct queue *q)
{
	hf_let(packet, p, hf_take(q->head));

	if (hf_is_empty(p))
		return -ENOENT;
	return try_transmit(hf_move(p));
}

static int borrowed_in_place(struct queue *q, int i)
{
	if (hf_is_empty(hf_array_at(q->ring, i)))
		return 0;
	poke(hf_mut(hf_array_at(q->ring, i)));
	return peek(hf_ref(hf_array_at(q->ring, i)));
}

static void all_taken(struct queue *q)
{
	for (int i = 0; i < 8; i++) {
		hf_let(packet, p, hf_take(q->ring[i]));

		if (!hf_is_empty(p))
			transmit(hf_move(p));
	}
}

static void all_filled(struct queue *q)
{
	for (int i = 0; i < 8; i++) {
		hf_let(packet, old, hf_replace(q->ring[i], receive()));
	}
}

static void rotated(struct queue *q)
{
	hf_let(packet, first, hf_take(q->ring[0]));

	for (int i = 0; i + 1 < 8; i++)
		hf_set(q->ring[i], hf_take(q->ring[i + 1]));
	hf_set(q->ring[7], hf_take(first));
}

static int first_free(struct queue *q, struct packet_own arg)
{
	hf_let(packet, p, arg);

	for (int i = 0; i < 4; i++) {
		struct slot *s = &q->slots[i];

		if (s->busy)
			continue;
		s->busy = true;
		hf_set(s->packet, hf_move(p));
		return i;
	}
	return -EBUSY;
}

static void in_a_local_structure(void)
{
	struct slot s = { .packet = receive(), .busy = true };
	hf_let(packet, p, hf_take(s.packet));

	transmit(hf_move(p));
}

static void emptied(struct queue *q)
{
	packet_own_drop(&q->head);
	for (int i = 0; i < 4; i++)
		packet_own_drop(&q->slots[i].packet);
}

static void moved_between_fields(struct queue *to, struct queue *from)
{
	if (hf_is_empty(to->head))
		hf_set(to->head, hf_take(from->head));
}

int all(struct queue *q, struct queue *r, int i);
int all(struct queue *q, struct queue *r, int i)
{
	put_into_a_field(q);
	all_taken(q);
	all_filled(q);
	rotated(q);
	in_a_local_structure();
	emptied(q);
	moved_between_fields(q, r);
	return taken_out_of_a_field(q) + borrowed_in_place(q, i) + first_free(q, receive());
}
