// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the owner that was in a place is cast to void, and leaked
// rule: owner-ignored
// compilers: none
// query: is lost, as nothing takes it
#include <holdfast/arc.h>
#include <holdfast/lock.h>

struct firmware {
	struct hf_refs refs;
	u32 version;
};

void firmware_destroy(struct firmware *f);
void firmware_release(struct firmware *f);
HF_ARC_DEFINE(firmware, struct firmware, refs, firmware_destroy, firmware_release);

struct modem {
	struct firmware_arc firmware;
	u32 updates;
};

HF_LOCKED_DEFINE(modem_locked, mutex, struct modem);

void modem_update(const struct modem_locked *modem, struct firmware_arc next);
void modem_update(const struct modem_locked *modem, struct firmware_arc next)
{
	hf_let_arc(firmware, f, next);
	hf_lock(m, modem);

#ifdef MISUSE
	(void)hf_replace(m->firmware, hf_move(f)); /* E */
#else
	hf_let_arc(firmware, old, hf_replace(m->firmware, hf_move(f)));
#endif
	m->updates++;
}
