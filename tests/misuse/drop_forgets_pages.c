// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that frees an object and forgets the pages in it
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/pages.h>

struct session {
	struct hf_pages_own pages;
	int state;
};

static void session_free(struct session *s)
{
#ifdef MISUSE
	hf_free(s); /* E */
#else
	hf_pages_own_drop(&s->pages);
	hf_free(s);
#endif
}

HF_OWN_DEFINE(session, struct session, session_free);
