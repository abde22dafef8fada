// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure with pinned objects in arrays of it copied
// rule: pinned-copied
// compilers: none
// query: '\*from' is copied, but others point to it
#include <holdfast/holdfast.h>

struct pinned {
	struct hf_pin pin;
	int id;
};

struct inner {
	struct pinned grid[2][2];
};

struct outer {
	union {
		struct inner inner[2];
		int n;
	};
};
int look(const struct outer *x);

int f(const struct outer *from);
int f(const struct outer *from)
{
#ifdef MISUSE
	const struct outer x = *from; /* E */

	return look(&x);
#else
	return look(from);
#endif
}
