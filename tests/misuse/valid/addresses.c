// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Calls that take the addresses of several locals, before and among the front doors.
#include <holdfast/lock.h>
#include <holdfast/own.h>
#include <holdfast/token.h>
#include <holdfast/wait.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
void transmit(struct packet_own p);
int peek(const struct packet *p);
void poke(struct packet *p);
void measure(int *a, int *b);

HF_LOCKED_DEFINE(locked_int, mutex, int);
HF_CONDVAR_DEFINE(locked_int);
HF_LOCKED_DEFINE(rw_int, rwlock, int);
HF_LOCKED_BY_DEFINE(by_int, locked_int, int);
HF_TOKEN_DEFINE(req, int);

int borrows(int c);
int borrows(int c)
{
	int a = 1, b = 2;
	hf_let(packet, p, receive());

	measure(&a, &b);
	if (peek(hf_ref(p)) == a)
		return b;
	measure(&a, &b);
	poke(hf_mut(p));
	measure(&a, &b);
	{
		hf_borrow(r, p);
		if (c)
			a = peek(r);
	}
	measure(&a, &b);
	{
		hf_borrow_mut(m, p);
		if (c)
			poke(m);
		measure(&a, &b);
	}
	measure(&a, &b);
	transmit(hf_move(p));
	return a + b;
}

int locks(const struct locked_int *l, struct by_int *x);
int locks(const struct locked_int *l, struct by_int *x)
{
	int a = 1, b = 2;

	measure(&a, &b);
	hf_lock(g, l);
	measure(&a, &b);
	if (*g == a)
		return *hf_held(l);
	measure(&a, &b);
	*hf_access(x, l) = a;
	return *hf_held(l);
}

int readers(struct rw_int *l);
int readers(struct rw_int *l)
{
	int a, b;

	measure(&a, &b);
	{
		hf_write_lock(g, l);
		if (*g == a)
			return *hf_held(l);
		measure(&a, &b);
	}
	measure(&a, &b);
	hf_read_lock(g, l);
	measure(&a, &b);
	if (*g == a)
		return *hf_held_shared(l);
	return b;
}

int waits(struct locked_int *l, int n);
int waits(struct locked_int *l, int n)
{
	struct locked_int_condvar cv;
	int a = n, b = 0;

	hf_cond_init(&cv);
	for (int i = 0; i < n; i++) {
		measure(&a, &b);
		hf_lock(g, l);
		while (*g != a)
			hf_wait(&cv, g);
		measure(&a, &b);
		if (b)
			break;
	}
	hf_cond_fini(&cv);
	return a;
}

int tokens(int c);
int tokens(int c)
{
	int a = 1, b = 2;
	hf_owe(req, t, hf_oblige(req, 1));

	measure(&a, &b);
	if (c)
		measure(&b, &a);
	return hf_settle(t) + a + b;
}
