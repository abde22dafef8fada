/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A program outside the project: one owned type, made, changed, lent and dropped. */
#include <holdfast/holdfast.h>

#include <stdio.h>

struct packet {
	int length;
};

static void packet_free(struct packet *p)
{
	printf("freed a packet of %d\n", p->length);
	hf_free(p);
}

HF_OWN_DEFINE(packet, struct packet, packet_free);

static int measure(const struct packet *p)
{
	return p->length;
}

static int run(void)
{
	hf_let(packet, p, hf_try(hf_new(packet, GFP_KERNEL)));

	hf_mut(p)->length = 42;
	return measure(hf_ref(p)) == 42 ? 0 : -EINVAL;
}

int main(void)
{
	int err = run();

	if (err)
		fprintf(stderr, "%s\n", hf_errname(err));
	return err != 0;
}
