// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number of the CPU's byte order stored into a device's structure
// rule: wire-number
// expect-gcc: incompatible types when assigning to type 'struct hf_le16'
// expect-clang: assigning to 'struct hf_le16' from incompatible type 'u16'
#include <holdfast/num.h>

struct sqe {
	struct hf_le16 cid;
};

void f(struct sqe *sqe, u16 cid);
void f(struct sqe *sqe, u16 cid)
{
#ifdef MISUSE
	sqe->cid = cid; /* E */
#else
	sqe->cid = hf_le16(cid);
#endif
}
