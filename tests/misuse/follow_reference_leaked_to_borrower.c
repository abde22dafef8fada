// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reference is given up to a function that makes one of its own
// rule: owner-ignored
// compilers: none
// checker: 'bridge_use' makes a reference of its own, and the one that 'p' gives up is never put
#include <holdfast/ref.h>

struct panel;
struct panel *panel_lookup(const char *name);	/* with a reference, or NULL */
void panel_get(struct panel *p);
void panel_put(struct panel *p);
int panel_modes(struct panel *p);

HF_REF_DEFINE(panel, struct panel, panel_get, panel_put);

struct bridge {
	struct panel_arc panel;
	int modes;
};

static int bridge_use(struct bridge *b, struct panel *p)
{
	const int modes = panel_modes(p);

	if (modes < 0)
		return modes;
	b->modes = modes;
	hf_set(b->panel, hf_arc_from(panel, p));
	return 0;
}

int bridge_probe(struct bridge *b, const char *name);
int bridge_probe(struct bridge *b, const char *name)
{
	/* SAFETY: the lookup gives a reference. */
	hf_let_arc(panel, p, hf_try(hf_adopt_ref_unchecked(panel, panel_lookup(name))));

#ifdef MISUSE
	return bridge_use(b, hf_leak_ref(p)); /* E */
#else
	return bridge_use(b, hf_ref_raw(p));
#endif
}
