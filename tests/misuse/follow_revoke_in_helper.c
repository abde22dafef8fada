// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a helper that revokes what the caller's guard accesses
// rule: revoked-inside-guard
// compilers: none
// checker: of which this thread holds one: 'w'
#include <holdfast/revocable.h>

struct window {
	u32 dead;
};

void window_free(struct window *w);
HF_OWN_DEFINE(window, struct window, window_free);
HF_REVOCABLE_DEFINE(window_gate, srcu, window_own);

static void kill(struct window_gate *g)
{
	window_gate_revoke(g); /* E */
}

int f(struct window_gate *g);
int f(struct window_gate *g)
{
	bool dead;

	{
		hf_access_else(w, g, return -ENODEV);
		dead = w->dead;
#ifdef MISUSE
		if (dead)
			kill(g);
#endif
	}
	if (dead)
		kill(g);
	return 0;
}
