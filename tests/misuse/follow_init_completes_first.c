// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an initialiser makes a completion new that a helper has completed already
// rule: lock-not-initialised
// compilers: none
// checker: 'ready' is used here, and initialised later
#include <holdfast/pin.h>
#include <holdfast/wait.h>

struct link_state {
	struct hf_completion ready;
	u32 up;
};

static void link_state_free(struct link_state *s)
{
	hf_completion_fini(&s->ready);
	hf_free(s);
}

HF_OWN_DEFINE(link_state, struct link_state, link_state_free);

static void link_state_set(struct link_state *s, u32 up)
{
	s->up = up;
	if (up)
		hf_complete_all(&s->ready); /* E */
}

static int link_state_init(struct link_state *s, u32 up)
{
#ifdef MISUSE
	link_state_set(s, up);
	hf_completion_init(&s->ready);
#else
	hf_completion_init(&s->ready);
	link_state_set(s, up);
#endif
	return 0;
}

int link_state_probe(u32 up);
int link_state_probe(u32 up)
{
	hf_let(link_state, s, hf_try(hf_new_with(link_state, GFP_KERNEL, link_state_init, up)));

	return (int)hf_ref(s)->up;
}
