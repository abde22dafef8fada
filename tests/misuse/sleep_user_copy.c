// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a copy to user memory under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_uaccess_write' while context 'hf_spinning' is held
// coccinelle: this may sleep, and 's' holds a lock that spins
#include <holdfast/holdfast.h>

struct item {
	int id;
};

void item_free(struct item *x);
HF_OWN_DEFINE(item, struct item, item_free);

struct state {
	int next;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

int f(struct locked_state *l, struct hf_uaccess_writer *w, struct u8_cslice bytes);
int f(struct locked_state *l, struct hf_uaccess_writer *w, struct u8_cslice bytes)
{
#ifdef MISUSE
	hf_lock(s, l);

	s->next++;
	return hf_uaccess_write(w, bytes); /* E */
#else
	{
		hf_lock(s, l);

		s->next++;
	}
	return hf_uaccess_write(w, bytes);
#endif
}
