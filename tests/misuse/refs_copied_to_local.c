// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object copied with its reference count
// rule: pinned-copied
// compilers: none
// query: '\*n' is copied, but others point to it
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
	int id;
};

int look(const struct node *n);

int f(const struct node *n);
int f(const struct node *n)
{
#ifdef MISUSE
	const struct node copy = *n; /* E */

	return look(&copy);
#else
	return look(n);
#endif
}
