// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a table that an interrupt handler has a pointer to, dropped before the handler's registration
// rule: callback-outlives-data
// compilers: none
// checker: 'b.table' ends here, and 'port_interrupt' may still use it by 'table': drop 'b.irq' first
#include <holdfast/irq.h>
#include <holdfast/own.h>

struct table {
	u32 entry[16];
};

static void table_free(struct table *t)
{
	hf_free(t);
}

HF_OWN_DEFINE(table, struct table, table_free);

struct handler {
	const struct table *table;	/* of the binding */
	u32 sum;
};

static void handler_free(struct handler *h)
{
	hf_free(h);
}

HF_OWN_DEFINE(handler, struct handler, handler_free);
HF_IRQ_DEFINE(port_irq, handler_own, port_interrupt);

static irqreturn_t port_interrupt(const struct handler *h HF_NOESCAPE)
{
	return h->table->entry[0] ? IRQ_HANDLED : IRQ_NONE;
}

struct binding {
	struct table_own table;
	struct port_irq_own irq;
};

int bind(struct binding *b, struct hf_irq_line line);
int bind(struct binding *b, struct hf_irq_line line)
{
	hf_let(handler, h, hf_try(hf_new(handler, GFP_KERNEL)));

	hf_try_errno(hf_set_ok(b->table, hf_new(table, GFP_KERNEL)));
	hf_mut(h)->table = hf_ref(b->table);
	return hf_set_ok(b->irq, hf_irq_request(port_irq, line, "port", hf_move(h), GFP_KERNEL));
}

void unbind(struct binding *b);
void unbind(struct binding *b)
{
#ifdef MISUSE
	table_own_drop(&b->table); /* E */
	port_irq_own_drop(&b->irq);
#else
	port_irq_own_drop(&b->irq);
	table_own_drop(&b->table);
#endif
}
