// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a locked table keeps a borrow of an object that its owner drops
// rule: borrow-escapes
// compilers: none
// checker: keeps a pointer to what belongs to 's', whose scope has ended
#include <holdfast/lock.h>
#include <holdfast/own.h>
#include <holdfast/slice.h>

struct stream {
	u32 bytes;
};

void stream_free(struct stream *s);
HF_OWN_DEFINE(stream, struct stream, stream_free);
int stream_play(struct stream *s);

struct desk_data {
	struct stream *on_air[4];
};
HF_LOCKED_DEFINE(desk, mutex, struct desk_data);

static struct desk desk;

u32 desk_bytes(u32 nr);
u32 desk_bytes(u32 nr)
{
	hf_lock(d, &desk);

	return nr < 4 && hf_array_at(d->on_air, nr) ? hf_array_at(d->on_air, nr)->bytes : 0;
}

static void desk_put(struct stream *s)
{
	hf_lock(d, &desk);

	d->on_air[1] = s; /* E */
}

int desk_play(void);
int desk_play(void)
{
	hf_let(stream, s, hf_try(hf_new(stream, GFP_KERNEL)));

	desk_put(hf_mut(s));
#ifdef MISUSE
	hf_mut(s)->bytes = 80;
#else
	hf_mut(s)->bytes = 80;
	desk_put(NULL);
#endif
	return 0;
}
