// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() past a reference that is put by hand
// rule: try-past-held
// compilers: none
// coccinelle: may return with the reference to 'd'
#include <holdfast/num.h>

struct device;

/* As the kernel has them. */
struct device *get_device(struct device *d);
void put_device(struct device *d);
struct u32_result read_mtu(struct device *d);

int f(struct device *d);
int f(struct device *d)
{
	u32 mtu = 0;

#ifdef MISUSE
	get_device(d);
	mtu = hf_try(read_mtu(d)); /* E */
	put_device(d);
	return mtu > 9;
#else
	int err;

	get_device(d);
	err = hf_store_ok(mtu, read_mtu(d));
	put_device(d);
	return err ? err : mtu > 9;
#endif
}
