// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow given as the owner of a result
// rule: owner-of-other-type
// expect: incomplete type 'struct hf_ok_of_a_value_of_another_type'
#include <holdfast/own.h>

struct dev {
	u32 id;
};

void dev_free(struct dev *dev);
HF_OWN_DEFINE(dev, struct dev, dev_free);

struct dev_own_result dev_keep(struct dev_own given);
struct dev_own_result dev_keep(struct dev_own given)
{
	hf_let(dev, d, given);

	hf_mut(d)->id = 1;
#ifdef MISUSE
	return hf_ok(dev_own, hf_mut(d)); /* E */
#else
	return hf_ok(dev_own, hf_move(d));
#endif
}
