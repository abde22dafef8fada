// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a signed number of the device's that is compared with the greatest index only
// rule: untrusted-number
// compilers: none
// checker: may give a number that makes this -32768, and line [0-9]+ uses it as an index of '.*curve', which has 201 elements
#include <holdfast/holdfast.h>

#define STEPS 201

struct sensor {
	u16 curve[STEPS];
	u32 clipped;
};

struct sample {
	struct hf_le16 celsius, flags;
};

static u16 sensor_raw(struct sensor *s, s16 celsius)
{
#ifdef MISUSE
	int i = celsius;
#else
	int i = celsius < 0 ? 0 : celsius;
#endif

	if (i >= STEPS) {
		s->clipped++;
		i = STEPS - 1;
	}
	return s->curve[i];
}

u16 sensor_convert(struct sensor *s, const struct sample *from);
u16 sensor_convert(struct sensor *s, const struct sample *from)
{
	const s16 celsius = (s16)hf_accept_any(hf_from_le(from->celsius)); /* E */

	return sensor_raw(s, celsius);
}
