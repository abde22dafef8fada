/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the programs own: no compiler knows how it ends, nor what it holds. */
#ifndef RUNTIME_PACKET_H
#define RUNTIME_PACKET_H

#include <stdio.h>
#include <stdlib.h>

#include <holdfast/holdfast.h>

struct packet {
	char padding[128];
	int len;
	struct hf_link link;
};

static __attribute__((noinline, unused)) void packet_free(struct packet *p)
{
	hf_free(p);
}

HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_LIST_DEFINE(packets, packet_own, struct packet, link);

static inline struct packet_own packet_new(void)
{
	struct packet_own_result r = hf_new(packet, GFP_KERNEL);

	if (!hf_is_ok(r))
		exit(3);
	return hf_expect(r, "just tested");
}

static __attribute__((noinline, unused)) void transmit(struct packet_own p)
{
	packet_own_drop(&p);
}

/* What the optimiser does not know. */
static inline size_t unknown(size_t n)
{
	__asm__ volatile("" : "+r"(n));
	return n;
}

/* Whether this was given back, and says so. */
static inline int is_poison(const volatile int *len)
{
	if (*len == 0x6b6b6b6b)
		puts("poison after free");
	return 0;
}

/* The caller is told, and can go on. */
static inline int is_error(int err)
{
	if (err < 0)
		printf("an error: %s\n", hf_errname(err));
	return 0;
}

#endif
