// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() past a reference that is stored only afterwards
// rule: try-past-held
// compilers: none
// coccinelle: may return with the reference to 'node'
#include <holdfast/num.h>

struct device_node;

struct dev {
	struct device_node *np, *kept;
};

/* As the kernel has it. */
struct device_node *of_node_get(struct device_node *np);
int probe(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
	struct device_node *node;

#ifdef MISUSE
	node = of_node_get(d->np);
	hf_try_errno(probe(d)); /* E */
#else
	hf_try_errno(probe(d));
	node = of_node_get(d->np);
#endif
	d->kept = node;
	return 0;
}
