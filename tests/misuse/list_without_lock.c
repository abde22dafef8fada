// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a list operation without the list's lock
// rule: unlocked-data
// compilers: clang>=22
// expect: requires holding lock 'n->inner.lock'
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct death {
	struct hf_link link;
};

void death_free(struct death *d);
HF_OWN_DEFINE(death, struct death, death_free);
HF_LIST_DEFINE(deaths, death_own, struct death, link);

struct inner {
	struct deaths deaths;
};

HF_LOCKED_DEFINE(locked_inner, spinlock, struct inner);

struct node {
	struct locked_inner inner;
};

static void add(struct node *n, struct death_own d) HF_REQUIRES(&n->inner);
static void add(struct node *n, struct death_own d)
{
	deaths_push_back(&hf_held(&n->inner)->deaths, d);
}

void f(struct node *n, struct death_own d);
void f(struct node *n, struct death_own d)
{
#ifdef MISUSE
#else
	hf_lock(g, &n->inner);
#endif
	add(n, d); /* E */
}
