// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure with padding, to be seen among bytes
// rule: wire-number
// expect: HF_WIRE_TYPE: a member of struct header is not listed, or is no wire integer, or there is padding
#include <holdfast/cursor.h>

#ifdef MISUSE
struct header {
	u8 kind;
	struct hf_be32 serial;
};

HF_WIRE_TYPE(header, struct header, HF_WIRE(kind) HF_WIRE(serial)); /* E */
#else
struct header {
	struct hf_be32 kind, serial;
};

HF_WIRE_TYPE(header, struct header, HF_WIRE(kind) HF_WIRE(serial));
#endif
