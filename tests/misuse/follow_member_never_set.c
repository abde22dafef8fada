// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reply to the user of which one way sets not all members
// rule: padding-to-user
// compilers: none
// checker: nobody wrote 'reply\.[a-z]+' on this way, and the user gets what the stack had there
#include <holdfast/holdfast.h>

struct link_reply {
	struct hf_le32 speed, errors;
	u8 up, duplex;
	u8 reserved[2];
};

HF_WIRE_TYPE(link_reply, struct link_reply,
	     HF_WIRE(speed) HF_WIRE(errors) HF_WIRE(up) HF_WIRE(duplex) HF_WIRE(reserved));

struct link {
	u32 speed, errors;
	bool up, full;
};

int link_get(const struct link *l, struct hf_uaccess_writer *to);
int link_get(const struct link *l, struct hf_uaccess_writer *to)
{
#ifdef MISUSE
	struct link_reply reply;

	reply.reserved[0] = reply.reserved[1] = 0;
#else
	struct link_reply reply = { .up = 0 };

#endif
	reply.errors = hf_le32(l->errors);
	reply.up = l->up;
	if (l->up) {
		reply.speed = hf_le32(l->speed);
		reply.duplex = l->full;
	}
	return hf_uaccess_write(to, hf_bytes_of(link_reply, reply)); /* E */
}
