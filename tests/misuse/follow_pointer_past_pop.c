// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure still points to the element that a function popped from its list
// rule: borrow-outlives-owner
// compilers: none
// checker: 'writer' may point to the element that is dropped here, and 'log_append' uses it
#include <holdfast/list.h>

struct chunk {
	struct hf_link link;
	u32 used;
};

static void chunk_free(struct chunk *c)
{
	hf_link_fini(&c->link);
	hf_free(c);
}

HF_OWN_DEFINE(chunk, struct chunk, chunk_free);
HF_LIST_DEFINE(chunks, chunk_own, struct chunk, link);

struct log {
	struct chunks chunks;
	struct chunk *writer;	/* one of them, or NULL */
};

int log_open(struct log *l);
int log_open(struct log *l)
{
	hf_let(chunk, c, hf_try(hf_new(chunk, GFP_KERNEL)));

	l->writer = hf_mut(c);
	chunks_push_back(&l->chunks, hf_move(c));
	return 0;
}

int log_append(struct log *l, u32 n);
int log_append(struct log *l, u32 n)
{
	if (!l->writer)
		return -EAGAIN;
	l->writer->used += n;
	return 0;
}

u32 log_discard(struct log *l);
u32 log_discard(struct log *l)
{
#ifdef MISUSE
	hf_let(chunk, c, hf_try_or(chunks_pop_front(&l->chunks), 0)); /* E */
#else
	hf_let(chunk, c, hf_try_or(chunks_pop_front(&l->chunks), 0));

	if (l->writer == hf_ref(c))
		l->writer = NULL;
#endif
	return hf_ref(c)->used;
}
