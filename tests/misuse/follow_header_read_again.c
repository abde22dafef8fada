// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a request whose header was checked, and whose whole is read from the process again
// rule: device-memory
// compilers: none
// checker: takes the number out of a second copy
#include <holdfast/holdfast.h>

struct request {
	struct hf_le32 bytes, opcode;
};

HF_WIRE_TYPE(request, struct request, HF_WIRE(bytes) HF_WIRE(opcode));

struct mailbox {
	u8 data[256];
	u32 bytes, opcode;
};

int mailbox_send(struct mailbox *m, const void __user *from);
int mailbox_send(struct mailbox *m, const void __user *from)
{
	struct hf_uaccess_reader first = hf_uaccess_reader(from, sizeof(struct request));
	const struct request head = hf_try(hf_uaccess_read_as(request, &first));
	const u32 bytes = hf_try(hf_in_range(hf_from_le(head.bytes), sizeof(head), sizeof(m->data)));
	struct hf_uaccess_reader whole = hf_uaccess_reader(from, bytes);

	hf_try_errno(hf_uaccess_read(&whole, hf_try(hf_array_subslice(u8_slice, m->data, 0, bytes))));
	const struct request *const r = hf_try(hf_view(request, hf_slice(u8_cslice, m->data), 0));
#ifdef MISUSE
	m->bytes = hf_accept_any(hf_from_le(r->bytes)); /* E */
#else
	m->bytes = bytes;
#endif
	m->opcode = hf_accept_any(hf_from_le(r->opcode));
	return 0;
}
