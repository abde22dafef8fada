// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a list on the stack that a helper fills, left with elements in it by an error
// rule: list-dropped
// compilers: none
// checker: the scope of 'ready' ends here, and it may have elements
#include <holdfast/holdfast.h>

struct cmd {
	struct hf_link link;
	u16 tag;
};

void cmd_free(struct cmd *c);
HF_OWN_DEFINE(cmd, struct cmd, cmd_free);
HF_LIST_DEFINE(cmds, cmd_own, struct cmd, link);

struct port {
	struct cmds waiting;
	u32 credits;
};

int port_ring(struct port *p, u16 tag);

static int collect(struct port *p, struct cmds *to)
{
	for (u32 i = 0; i < p->credits; i++) {
		hf_let(cmd, c, hf_try(cmds_pop_front(&p->waiting)));

		cmds_push_back(to, hf_move(c));
	}
	return 0;
}

int f(struct port *p);
int f(struct port *p)
{
	struct cmds ready;
	int err;

	cmds_init(&ready);
	err = collect(p, &ready);
#ifdef MISUSE
	if (err)
		return err; /* E */
#endif
	while (!err && !cmds_empty(&ready)) {
		hf_let(cmd, c, hf_try(cmds_pop_front(&ready)));

		err = port_ring(p, hf_ref(c)->tag);
	}
	cmds_take_all(&p->waiting, &ready);
	return err;
}
