// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Functions that lend what they get, consume it, hand it on, or only perhaps.
#include <holdfast/own.h>

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

struct sink {
	void (*take)(struct sink *s, struct packet_own p);
	int (*look)(struct sink *s, const struct packet *p);
	void (*change)(struct packet *p);
	void *arg;
};

static void consumes(struct packet_own arg)
{
	hf_let(packet, p, arg);

	poke(hf_mut(p));
}

static void hands_on(struct packet_own arg)
{
	hf_let(packet, p, arg);

	poke(hf_mut(p));
	transmit(hf_move(p));
}

static void hands_on_unseen(struct packet_own arg)
{
	transmit(arg);
}

static int hands_on_perhaps(struct packet_own arg, int n)
{
	hf_let(packet, p, arg);

	if (!wanted(n))
		return -EINVAL;
	return try_transmit(hf_move(p));
}

static struct packet_own gives_back(struct packet_own arg)
{
	hf_let(packet, p, arg);

	poke(hf_mut(p));
	return hf_move(p);
}

static struct packet_own_result gives_back_or_fails(struct packet_own arg, int n)
{
	hf_let(packet, p, arg);

	if (n < 0)
		return hf_err(packet_own, -EINVAL);
	return hf_ok(packet_own, hf_move(p));
}

static struct packet_own longer(struct packet_own x, struct packet_own y)
{
	hf_let(packet, a, x);
	hf_let(packet, b, y);

	return peek(hf_ref(a)) > peek(hf_ref(b)) ? hf_move(a) : hf_move(b);
}

static int lends(const struct packet *p)
{
	return peek(p) + peek(p);
}

static const struct packet *chosen(const struct packet *p, const struct packet *q, int n)
{
	return wanted(n) ? p : q;
}

static const int *part(const struct packet *p)
{
	return &p->id;
}

static int calls_back(struct sink *s)
{
	int n;
	hf_let(packet, p, receive());

	s->change(hf_mut(p));
	n = s->look(s, hf_ref(p));
	if (n)
		s->take(s, hf_move(p));
	return n;
}

static int through_all(int n)
{
	hf_let(packet, p, receive());
	hf_let(packet, q, gives_back(hf_move(p)));
	hf_let(packet, r, hf_try(gives_back_or_fails(hf_move(q), n)));
	hf_let(packet, s, longer(hf_move(r), receive()));

	return lends(hf_ref(s)) + peek(chosen(hf_ref(s), hf_ref(s), n)) + *part(hf_ref(s));
}

static int conditionally(int n)
{
	const bool mine = wanted(n);
	hf_let(packet, p, receive());

	if (mine)
		return hands_on_perhaps(hf_move(p), n);
	consumes(hf_move(p));
	return 0;
}

int all(struct sink *s, int n);
int all(struct sink *s, int n)
{
	hands_on(receive());
	hands_on_unseen(receive());
	return calls_back(s) + through_all(n) + conditionally(n);
}

#ifndef container_of	/* the kernel has its own */
#define container_of(ptr, type, member)	((type *)(void *)((char *)(ptr) - offsetof(type, member)))
#endif

struct command {
	int tag;
	struct packet packet;
};

struct command *to_whom_it_is_part_of(struct packet_own given);
struct command *to_whom_it_is_part_of(struct packet_own given)
{
	hf_let(packet, packet, given);
	/* SAFETY: it is a part of the command, which its caller takes. */
	struct packet *raw = hf_leak(packet);

	raw->id = 1;
	raw->len = 0;
	return container_of(raw, struct command, packet);
}

static struct command *given_back(struct packet_own given)
{
	hf_let(packet, packet, given);
	/* SAFETY: it is a part of the command, which is not this driver's any more. */
	struct command *const command = container_of(hf_leak(packet), struct command, packet);

	command->tag = 0;
	return command;
}

int submit_again(struct packet_own given, int err);
int submit_again(struct packet_own given, int err)
{
	hf_let(packet, packet, given);

	if (err)
		given_back(hf_move(packet));
	return err;
}
