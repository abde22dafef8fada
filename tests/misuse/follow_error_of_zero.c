// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the error that a function returns is still 0
// rule: result-misused
// compilers: none
// checker: 'err' is 0 on this path, and no error
#include <holdfast/num.h>

struct eeprom {
	u32 size;
};

int eeprom_wake(const struct eeprom *e);
int eeprom_byte(const struct eeprom *e, u32 at);

struct u16_result eeprom_word(const struct eeprom *e, u32 at);
struct u16_result eeprom_word(const struct eeprom *e, u32 at)
{
	const int err = eeprom_wake(e);

	if (err)
		return hf_err(u16, err);
	if (at >= e->size - 1)
#ifdef MISUSE
		return hf_err(u16, err); /* E */
#else
		return hf_err(u16, -ERANGE);
#endif
	return hf_to_u16(eeprom_byte(e, at) << 8 | eeprom_byte(e, at + 1));
}
