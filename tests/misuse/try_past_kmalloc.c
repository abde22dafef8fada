// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() past memory of the kernel's that is freed by hand
// rule: try-past-held
// compilers: none
// coccinelle: may return without freeing 'buf'
#include <holdfast/num.h>

struct dev;

/* As the kernel has them. */
void *kmalloc(size_t size, gfp_t gfp);
void kfree(const void *p);
int fill(struct dev *d, void *to);

int f(struct dev *d);
int f(struct dev *d)
{
	void *buf;

#ifdef MISUSE
	buf = kmalloc(16, GFP_KERNEL);
	hf_try_errno(fill(d, buf)); /* E */
	kfree(buf);
	return 0;
#else
	int err;

	buf = kmalloc(16, GFP_KERNEL);
	err = fill(d, buf);
	kfree(buf);
	return err;
#endif
}
