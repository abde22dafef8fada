// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a revocation that waits for a guard of the same thread
// rule: revoked-inside-guard
// compilers: clang>=22
// expect: cannot call function 'edu_access_revoke' while access guard 'edu->hw.access' is held
#pragma push_macro("MISUSE")
#undef MISUSE
#include "09-node.c"
#pragma pop_macro("MISUSE")

/* What the bus's device owns. */
struct edu_binding {
	struct edu_arc edu;
	struct edu_irq_own irq;
	struct edu_node_own node;
	struct edu_config config;
};

struct edu_binding_own_result edu_bind(const struct edu_config *c)
{
	hf_let_arc(edu, edu, hf_try_in(edu_binding_own, edu_new(c)));
	hf_let(edu_binding, b, hf_try_in(edu_binding_own, hf_new(edu_binding, GFP_KERNEL)));

	hf_mut(b)->config = *c;
	hf_set(hf_mut(b)->edu, hf_clone(edu));
	hf_try_errno_in(edu_binding_own, hf_set_ok(hf_mut(b)->irq, edu_listen(hf_ref(edu), c)));
	hf_try_errno_in(edu_binding_own, hf_set_ok(hf_mut(b)->node,
		hf_node_register(edu_node, c->name, hf_clone(edu), GFP_KERNEL)));
	return hf_ok(edu_binding_own, hf_move(b));
}

void edu_unbind(struct edu_binding *b)
{
	const struct edu *edu = hf_ref(b->edu);
	const struct hf_deadline end = hf_deadline_in(edu->timeout_ms);

	edu_node_own_drop(&b->node);
	{
		hf_lock(s, &edu->state);

		/* Nothing new begins, those who wait leave, and what the device was told to do ends. */
		s->gone = true;
		hf_notify_all(&edu->changed);
		while (s->transferring || s->computing)
			if (hf_wait_until(&edu->changed, s, end, HF_UNINTERRUPTIBLE))
				break;
	}
	/* From here on even a broken device cannot write to the memory that is freed below. */
	b->config.stop(b->config.host);
	edu_irq_own_drop(&b->irq);
#ifdef MISUSE
	hf_access_else(hw, &edu->hw, return);
	edu_regs_write_status(&hw->regs, 0);
	edu_access_revoke(&edu->hw); /* E */
#else
	edu_access_revoke(&edu->hw);
#endif
	edu_arc_drop(&b->edu);
	hf_free(b);
}
