// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the way out for errors is taken without one
// rule: result-misused
// compilers: none
// checker: 'err' is 0 here, so the function gives success
#include <holdfast/own.h>

struct pool;
int bus_enable(u32 id);
void bus_disable(u32 id);
struct pool *bus_pool(u32 id);	/* or NULL */
int pool_fill(struct pool *p, u32 n);

int bus_probe(u32 id, u32 n);
int bus_probe(u32 id, u32 n)
{
	struct pool *p;
	int err = bus_enable(id);

	if (err)
		return err;
	p = bus_pool(id);
	if (!p) {
#ifdef MISUSE
		goto off; /* E */
#else
		err = -ENOMEM;
		goto off;
#endif
	}
	err = pool_fill(p, n);
	if (err)
		goto off;
	return 0;
off:
	bus_disable(id);
	return err;
}
