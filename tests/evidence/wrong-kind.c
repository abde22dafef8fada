// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: container_of() believes the caller
#include "kernel.h"

struct shape {
	int id;
};

struct circle {
	int radius;
	struct shape base;
};

struct square {
	struct shape base;
	int side;
};

int square_side(const struct shape *s);
int square_side(const struct shape *s)
{
	return container_of(s, struct square, base)->side;
}

#ifdef MISUSE
int f(const struct circle *c);
int f(const struct circle *c)
{
	return square_side(&c->base);
}
#else
int f(const struct square *q);
int f(const struct square *q)
{
	return square_side(&q->base);
}
#endif
