// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure with owners in it, four levels below, copied
// rule: owner-copied
// compilers: none
// query: '\*x' is copied with an owner in it
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);

struct one {
	struct obj_own grid[2][2];
};

struct two {
	union {
		struct one one;
		int n;
	};
};

struct three {
	struct two two[2];
};
int look(const struct three *x);

int f(const struct three *x);
int f(const struct three *x)
{
#ifdef MISUSE
	const struct three copy = *x; /* E */

	return look(&copy);
#else
	return look(x);
#endif
}
