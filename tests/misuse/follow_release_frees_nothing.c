// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the drop function of an object that hf_new() made does not free its memory
// rule: member-not-dropped
// compilers: none
// checker: 'session_end' ends an object of hf_new\(\), and its memory is not freed
#include <holdfast/own.h>
#include <holdfast/vec.h>

struct session {
	struct u8_vec key;
	u32 id;
};

void session_closed(u32 id);

static void session_end(struct session *s)
{
	session_closed(s->id);
#ifdef MISUSE
	u8_vec_drop(&s->key); /* E */
#else
	u8_vec_drop(&s->key);
	hf_free(s);
#endif
}

HF_OWN_DEFINE(session, struct session, session_end);

struct session_own_result session_new(u32 id);
struct session_own_result session_new(u32 id)
{
	hf_let(session, s, hf_try_in(session_own, hf_new(session, GFP_KERNEL)));

	hf_mut(s)->id = id;
	return hf_ok(session_own, hf_move(s));
}
