// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an error that is returned with a mutex of the C library held
// rule: try-past-held
// compilers: none
// checker: the error is returned with 'k->lock' still locked
#include <holdfast/holdfast.h>

struct keypad {
	pthread_mutex_t lock;
	u32 down;
	u8 code[32];
};

int keypad_write(u32 key, u8 code);

static bool is_down(const struct keypad *k, u32 key)
{
	return k->down & 1u << key;
}

int keypad_remap(struct keypad *k, u32 key, u8 code);
int keypad_remap(struct keypad *k, u32 key, u8 code)
{
	int err;

	if (key >= 32)
		return -EINVAL;
	pthread_mutex_lock(&k->lock);
	if (is_down(k, key)) {
#ifdef MISUSE
		return -EBUSY; /* E */
#else
		pthread_mutex_unlock(&k->lock);
		return -EBUSY;
#endif
	}
	err = keypad_write(key, code);
	if (!err)
		hf_array_at(k->code, key) = code;
	pthread_mutex_unlock(&k->lock);
	return err;
}
