// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a length that the sender gave, read into a member by one function and copied by in another
// rule: untrusted-number
// compilers: none
// checker: 'hf_accept_any\(len\)' may give any number up to 65535 here, .* the length of a memcpy
#include <holdfast/holdfast.h>

struct frame {
	u8 type;
	u16 len;
};

struct station {
	u8 ssid[32];
	u16 ssid_len;
};

static int frame_parse(struct hf_reader *r, struct frame *f)
{
	const struct hf_untrusted_u8 type = hf_try(hf_read_u8(r));
	const struct hf_untrusted_u16 len = hf_try(hf_read_be16(r));

	f->type = hf_accept_any(type);
#ifdef MISUSE
	f->len = hf_accept_any(len); /* E */
#else
	f->len = hf_try(hf_at_most(len, sizeof(((struct station *)0)->ssid)));
#endif
	return 0;
}

int station_join(struct station *s, struct hf_reader *r, const u8 *ssid);
int station_join(struct station *s, struct hf_reader *r, const u8 *ssid)
{
	struct frame f;

	hf_try_errno(frame_parse(r, &f));
	if (f.type != 1)
		return -EPROTO;
	memcpy(s->ssid, ssid, f.len);
	s->ssid_len = f.len;
	return 0;
}
