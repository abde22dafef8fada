// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what a member owns, used when the object around it was moved
// rule: borrow-outlives-owner
// compilers: none
// checker: uses a pointer to what belongs to 'x', which was moved
#include <holdfast/own.h>

struct account {
	u64 bytes;
};

void account_free(struct account *a);
HF_OWN_DEFINE(account, struct account, account_free);

struct transfer {
	struct account_own account;
	int tag;
};

void transfer_free(struct transfer *t);
HF_OWN_DEFINE(transfer, struct transfer, transfer_free);
int submit(struct transfer_own t);

int f(struct transfer_own given);
int f(struct transfer_own given)
{
	hf_let(transfer, x, given);
	struct account *a = hf_mut(hf_mut(x)->account);

#ifdef MISUSE
	int err = submit(hf_move(x));
#else
	int err = 0;
#endif

	a->bytes++; /* E */
	return err;
}
