// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object keeps a slice of a vector that ends with the function
// rule: borrow-escapes
// compilers: none
// checker: table' keeps a pointer to what belongs to 'points'
#include <holdfast/vec.h>

struct thermal {
	struct u32_cslice table;
#ifndef MISUSE
	struct u32_vec points;
#endif
	u32 shift;
};

int adc_point(u32 i, u32 *value);

static void thermal_use(struct thermal *t, struct u32_cslice table)
{
	t->table = table; /* E */
}

int thermal_init(struct thermal *t, u32 n);
int thermal_init(struct thermal *t, u32 n)
{
	u32 value;
#ifdef MISUSE
	hf_let_vec(u32, points);
	struct u32_vec *const to = &points;
#else
	struct u32_vec *const to = &t->points;
#endif

	for (u32 i = 0; i < n; i++) {
		hf_try_errno(adc_point(i, &value));
		hf_try_errno(hf_vec_push(to, value, GFP_KERNEL));
	}
	thermal_use(t, hf_const(hf_vec_slice(to)));
	return 0;
}
