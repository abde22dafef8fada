// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a variable with a positive errno that is given to hf_err()
// rule: result-misused
// compilers: none
// checker: this function returns ENODEV, a positive number, which its callers take for success: write -ENODEV
#include <holdfast/num.h>
#include <holdfast/result.h>

struct sensor {
	bool present, calibrated;
	u32 value;
};

struct u32_result sensor_read(const struct sensor *s);
struct u32_result sensor_read(const struct sensor *s)
{
	int err = 0;

	if (!s->present)
#ifdef MISUSE
		err = ENODEV; /* E */
#else
		err = -ENODEV;
#endif
	else if (!s->calibrated)
		err = -EAGAIN;
	if (err)
		return hf_err(u32, err);
	return hf_ok(u32, s->value);
}
