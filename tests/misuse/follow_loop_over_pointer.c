// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a loop that makes as many steps over an array as the device says
// rule: untrusted-number
// compilers: none
// checker: may give any number up to 255 here, and line [0-9]+ uses it as the end of a loop over
#include <holdfast/holdfast.h>

enum { SENSORS = 12 };

struct sensor {
	s32 value;
	u8 unit;
};

struct hub {
	struct sensor sensor[SENSORS];
	u32 updates;
};

int hub_report(struct hub *h, struct hf_reader *r);
int hub_report(struct hub *h, struct hf_reader *r)
{
#ifdef MISUSE
	const u8 n = hf_accept_any(hf_try(hf_read_u8(r))); /* E */
#else
	const u8 n = hf_try(hf_at_most(hf_try(hf_read_u8(r)), SENSORS));
#endif
	struct sensor *s = h->sensor;
	u32 i;

	for (i = 0; i < n; i++, s++) {
		s->unit = hf_accept_any(hf_try(hf_read_u8(r)));
		s->value = hf_mask(hf_try(hf_read_le16(r)), 0x7fff);
	}
	h->updates++;
	return 0;
}
