// SPDX-License-Identifier: GPL-2.0-only OR MIT
// An interface of two kinds, with a list that has both, and one that has elements of one kind only.
#include <holdfast/dyn.h>
#include <holdfast/list.h>

struct work;
struct work_own;
struct work_ops {
	void (*drop)(struct work_own w);
	u64 (*number)(const struct work *w);
};
struct work {
	const struct work_ops *const ops;
	struct hf_link link;
};
HF_DYN_DEFINE(work, struct work);
HF_LIST_DEFINE(works, work_own, struct work, link);

struct death {
	u64 cookie;
	struct work work;
};
static void death_free(struct death *d)
{
	hf_free(d);
}
HF_OWN_DEFINE(death, struct death, death_free);
HF_IMPL_DEFINE(death_work, work, death_own, struct death, work);

static u64 death_number(const struct work *w)
{
	return hf_self(death_work, w)->cookie;
}

HF_IMPL_OPS(death_work, .number = death_number);

struct call {
	u32 code;
	struct work work;
};
static void call_free(struct call *c)
{
	hf_free(c);
}
HF_OWN_DEFINE(call, struct call, call_free);
HF_IMPL_DEFINE(call_work, work, call_own, struct call, work);

static u64 call_number(const struct work *w)
{
	return hf_self(call_work, w)->code;
}

HF_IMPL_OPS(call_work, .number = call_number);

struct proc {
	struct works todo;
	struct works deaths;		/* that were told */
};

void proc_call(struct proc *p, struct call_own given)
{
	hf_let(call, c, given);

	works_push_back(&p->todo, hf_upcast(call_work, hf_move(c)));
}

void proc_told(struct proc *p, struct death_own given)
{
	hf_let(death, d, given);

	works_push_back(&p->deaths, hf_upcast(death_work, hf_move(d)));
}

bool proc_knows(struct proc *p, u64 cookie)
{
	hf_list_cursor(c, &p->deaths);

	for (struct work *w; (w = works_next(&c));)
		if (hf_self(death_work, w)->cookie == cookie)
			return true;
	return false;
}

u32 proc_deaths_to_tell(struct proc *p)
{
	u32 n = 0;

	hf_list_cursor(c, &p->todo);
	for (struct work *w; (w = works_next(&c));)
		n += hf_is_a(death_work, w);
	return n;
}
