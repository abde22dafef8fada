// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write through a cast to what several references share
// rule: write-to-shared
// compilers: none
// query: the cast takes const from a 'struct settings'
#include <holdfast/holdfast.h>

struct settings {
	struct hf_refs refs;
	u32 mtu, headroom;
};

void settings_destroy(struct settings *s);
void settings_release(struct settings *s);
HF_ARC_DEFINE(settings, struct settings, refs, settings_destroy, settings_release);

struct port {
	struct settings_arc settings;
};

int port_set_mtu(struct port *p, u32 mtu);
int port_set_mtu(struct port *p, u32 mtu)
{
#ifdef MISUSE
	struct settings *s = (struct settings *)(unsigned long)hf_ref(p->settings); /* E */
#else
	struct settings *s = hf_try(hf_arc_unique(p->settings));
#endif

	s->mtu = mtu;
	s->headroom = mtu / 8;
	return 0;
}
