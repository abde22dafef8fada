// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure with an array of owners in it passed by value
// rule: owner-copied
// compilers: none
// query: 'd->slot' is copied with an owner in it
#include <holdfast/own.h>

struct request {
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

struct slot {
	struct request_own req;
	struct request_own spare[2];
};

struct dev {
	int id;
	struct slot slot;
};

int count(struct slot s);
int count_of(const struct slot *s);

int f(const struct dev *d);
int f(const struct dev *d)
{
#ifdef MISUSE
	return count(d->slot); /* E */
#else
	return count_of(&d->slot);
#endif
}
