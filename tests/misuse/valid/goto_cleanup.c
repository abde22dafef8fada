// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Clean-up by goto, as C drivers do it, beside owners that clean up after themselves.
#include <holdfast/own.h>
#include <holdfast/scope.h>

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

int claim(int n);
void unclaim(int n);
void unclaim_it(void *n);

static int one_label(int n)
{
	int err = 0;
	hf_let(packet, p, hf_try(packet_new(n)));

	if (!wanted(n)) {
		err = -EINVAL;
		goto out;
	}
	poke(hf_mut(p));
	err = try_transmit(hf_move(p));
out:
	return err;
}

static int several_labels(int n)
{
	int err;
	hf_let(packet, p, hf_try(packet_new(n)));

	err = claim(1);
	if (err)
		goto out;
	err = claim(2);
	if (err)
		goto first;
	err = try_transmit(hf_move(p));
	if (err)
		goto second;
	return 0;
second:
	unclaim(2);
first:
	unclaim(1);
out:
	return err;
}

static int still_owned_at_the_label(int n)
{
	int err = 0;
	hf_let(packet, p, hf_try(packet_new(n)));

	if (n == 3)
		goto out;
	if (n == 4) {
		err = -EINVAL;
		goto out;
	}
	err = 1;
out:
	return err + peek(hf_ref(p));
}

static int retried(int n)
{
	int err;

again:
	{
		hf_let(packet, p, hf_try(packet_new(n)));

		err = try_transmit(hf_move(p));
	}
	if (err == -EAGAIN)
		goto again;
	return err;
}

static int undone_unless_dismissed(int n)
{
	hf_try_errno(claim(n));
	hf_defer(undo, unclaim_it, &n);
	hf_let(packet, p, hf_try(packet_new(n)));

	hf_try_errno(try_transmit(hf_move(p)));
	hf_dismiss(undo);
	return 0;
}

int all(int n);
int all(int n)
{
	return one_label(n) + several_labels(n) + still_owned_at_the_label(n) + retried(n) +
	       undone_unless_dismissed(n);
}
