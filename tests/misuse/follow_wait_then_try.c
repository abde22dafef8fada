// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait without an end that stands in a branch, behind which the call that fails is tried
// rule: wake-up-missed
// compilers: none
// checker: a wait may end for no reason, and another thread may have been first: test the condition again
#include <holdfast/num.h>
#include <holdfast/wait.h>

struct credits {
	u32 left, taken;
};

HF_LOCKED_DEFINE(locked_credits, mutex, struct credits);
HF_CONDVAR_DEFINE(locked_credits);

struct link {
	struct locked_credits credits;
	struct locked_credits_condvar returned;
};

void link_return(const struct link *l, u32 n);
void link_return(const struct link *l, u32 n)
{
	hf_lock(c, &l->credits);

	c->left += n;
	hf_notify_all(&l->returned);
}

int link_take(const struct link *l, u32 n);
int link_take(const struct link *l, u32 n)
{
	hf_lock(c, &l->credits);

#ifdef MISUSE
	if (c->left < n) /* E */
#else
	while (c->left < n)
#endif
		hf_wait(&l->returned, c);
	c->left = hf_try(hf_sub_u32(c->left, n));
	c->taken += n;
	return 0;
}
