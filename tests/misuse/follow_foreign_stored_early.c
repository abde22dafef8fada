// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner is stored in a structure of others before the last step that may fail
// rule: owner-ignored
// compilers: none
// checker: this may return an error, and the owner that was stored
#include <holdfast/foreign.h>

struct usb_intf {
	void *data;
	u32 nr;
};

struct tablet {
	u32 nr, pressure;
};

static void tablet_free(struct tablet *t)
{
	hf_free(t);
}

HF_OWN_DEFINE(tablet, struct tablet, tablet_free);
HF_FOREIGN_DEFINE(tablet_of, tablet_own, struct usb_intf, data);

int tablet_register(u32 nr);

int tablet_probe(struct usb_intf *intf);
int tablet_probe(struct usb_intf *intf)
{
	hf_let(tablet, t, hf_try(hf_new(tablet, GFP_KERNEL)));

	hf_mut(t)->nr = intf->nr;
#ifdef MISUSE
	hf_foreign_store(tablet_of, intf, hf_move(t));
	hf_try_errno(tablet_register(intf->nr)); /* E */
#else
	hf_try_errno(tablet_register(intf->nr));
	hf_foreign_store(tablet_of, intf, hf_move(t));
#endif
	return 0;
}

void tablet_disconnect(struct usb_intf *intf);
void tablet_disconnect(struct usb_intf *intf)
{
	hf_let(tablet, t, hf_expect(hf_foreign_take(tablet_of, intf), "tablet_probe() stored it"));
}
