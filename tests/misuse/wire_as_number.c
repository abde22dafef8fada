// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a field of a device's structure used as a number
// rule: wire-number
// expect-gcc: invalid operands to binary \+
// expect-clang: invalid operands to binary expression
#include <holdfast/num.h>

struct cqe {
	struct hf_le16 sq_head;
	struct hf_le16 cid;
};

int f(const struct cqe *cqe);
int f(const struct cqe *cqe)
{
#ifdef MISUSE
	return cqe->sq_head + 1; /* E */
#else
	return hf_accept_any(hf_from_le(cqe->sq_head));
#endif
}
