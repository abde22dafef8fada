// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a revocation under the lock that is taken where the revocable is accessed
// rule: lock-order
// compilers: none
// checker: this waits for the access guards of 'd.window', under one of which 'count' takes the lock of 'd.stats'
#include <holdfast/lock.h>
#include <holdfast/own.h>
#include <holdfast/revocable.h>

struct window {
	u32 reads;
};

static void window_free(struct window *w)
{
	hf_free(w);
}

HF_OWN_DEFINE(window, struct window, window_free);
HF_REVOCABLE_DEFINE(dev_window, srcu, window_own);

struct stats {
	u32 reads;
	bool gone;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

struct dev {
	struct dev_window window;
	struct locked_stats stats;
};

static void count(const struct dev *d, u32 n)
{
	hf_lock(s, &d->stats);

	s->reads += n;
}

int dev_read(const struct dev *d);
int dev_read(const struct dev *d)
{
	hf_access_else(w, &d->window, return -ENODEV);

	count(d, w->reads);
	return 0;
}

static void end(const struct dev *d)
{
	dev_window_revoke(&d->window);
}

void dev_gone(const struct dev *d);
void dev_gone(const struct dev *d)
{
#ifdef MISUSE
	hf_lock(s, &d->stats);

	s->gone = true;
	end(d); /* E */
#else
	{
		hf_lock(s, &d->stats);
		s->gone = true;
	}
	end(d);
#endif
}
