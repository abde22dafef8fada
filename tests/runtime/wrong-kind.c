// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

struct item;
struct item_own;

struct item_ops {
	void (*drop)(struct item_own i);
	int (*len)(const struct item *i);
};

struct item {
	const struct item_ops *const ops;
};

HF_DYN_DEFINE(item, struct item);

struct timer {
	struct item base;
};

static void timer_free(struct timer *t)
{
	hf_free(t);
}

HF_OWN_DEFINE(timer, struct timer, timer_free);
HF_IMPL_DEFINE(timer_item, item, timer_own, struct timer, base);

struct frame {
	char data[64];
	struct item base;
	int len;
};

static void frame_free(struct frame *f)
{
	hf_free(f);
}

HF_OWN_DEFINE(frame, struct frame, frame_free);
HF_IMPL_DEFINE(frame_item, item, frame_own, struct frame, base);

static int frame_len(const struct item *i)
{
	return hf_self(frame_item, i)->len;
}

HF_IMPL_OPS(timer_item, .len = frame_len);
HF_IMPL_OPS(frame_item, .len = frame_len);

int main(void)
{
	struct timer_own_result r = hf_new(timer, GFP_KERNEL);

	if (!hf_is_ok(r))
		return 3;
	hf_let(timer, t, hf_expect(r, "just tested"));
	hf_impl_init(timer_item, hf_mut(t));
	hf_let(item, i, hf_upcast(timer_item, hf_move(t)));
	return hf_ref(i)->ops->len(hf_ref(i)) == 1;
}
