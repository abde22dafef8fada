// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of a vector that a global points to, kept while the vector grows
// rule: borrow-escapes
// compilers: none
// checker: 'newest' keeps a pointer to what belongs to 'd->ids', which may have moved its elements
#include <holdfast/vec.h>

struct dev {
	struct u32_vec ids;
};

static const u32 *newest;
u32 f(struct dev *d, u32 id);
u32 f(struct dev *d, u32 id)
{
	int err;

#ifdef MISUSE
	newest = &hf_at(d->ids, 0); /* E */
#endif
	err = hf_vec_push(&d->ids, id, GFP_KERNEL);
	return err || !newest ? 0 : *newest;
}
