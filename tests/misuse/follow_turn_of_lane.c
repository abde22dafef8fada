// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an error of one turn of a loop that the next turn overwrites
// rule: result-ignored
// compilers: none
// checker: the error that 'lane_train' gave to 'err' in one turn of this loop is overwritten by the next
#include <holdfast/result.h>
#include <holdfast/slice.h>

#define LANES 4

struct lane {
	u32 rate;
};

struct phy {
	struct lane lane[LANES];
	bool up;
};

int lane_train(struct lane *l) HF_MUST_USE;

int phy_up(struct phy *p);
int phy_up(struct phy *p)
{
	int err = 0;

	for (u32 i = 0; i < LANES; i++) {
		struct lane *const l = &hf_array_at(p->lane, i);

		l->rate = 1;
#ifdef MISUSE
		err = lane_train(l); /* E */
#else
		err = lane_train(l);
		if (err)
			break;
#endif
	}
	if (!err)
		p->up = true;
	return err;
}
