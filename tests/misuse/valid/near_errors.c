// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Errors, sizes and waits that look like mistakes, and are none. */
#include <holdfast/holdfast.h>

struct message {
	struct hf_refs refs;
	u32 topic;
};

static void message_destroy(struct message *m)
{
	(void)m;
}

static void message_release(struct message *m)
{
	hf_free(m);
}

HF_ARC_DEFINE(message, struct message, refs, message_destroy, message_release);

struct broadcast {
	struct message_arc message;
	u32 sent;
};

bool is_ready(u32 topic);
struct u32_result topic_of(const char *name);

/* The only initialiser that is written stands beside nothing. */
int broadcast_one(const char *name);
int broadcast_one(const char *name)
{
	struct broadcast b = { .message = hf_try(hf_new_arc(message, GFP_KERNEL)) };
	int err = 0;

	if (hf_ref(b.message)->topic != 1)
		err = hf_errno(topic_of(name));
	message_arc_drop(&b.message);
	return err;
}

/* A condition was evaluated before, for its value. */
int topic_or_zero(const char *name, u32 topic);
int topic_or_zero(const char *name, u32 topic)
{
	const u32 found = is_ready(topic) ? hf_try(topic_of(name)) : 0;

	return is_ready(found) && hf_try(topic_of(name)) == topic ? 1 : 0;
}

/* What is 0 times something has no elements. */
#define ENTRY	4u

struct table {
	struct u8_vec bytes;
	u32 count;
};

static int table_alloc(struct table *t, struct hf_untrusted_u32 asked)
{
	const u32 count = hf_try(hf_at_most(asked, 4096));
	const u32 bytes = hf_try(hf_mul_u32(count, ENTRY));

	hf_try_errno(hf_vec_resize(&t->bytes, bytes, GFP_KERNEL));
	t->count = count;
	return 0;
}

static void table_set(struct table *t, u32 i, u32 value)
{
	for (u32 b = 0; b < ENTRY; b++)
		hf_at(t->bytes, (u64)i * ENTRY + b) = (u8)(value >> 8 * b);
}

int table_create(struct table *t, struct hf_uaccess_reader *arg);
int table_create(struct table *t, struct hf_uaccess_reader *arg)
{
	hf_try_errno(table_alloc(t, hf_try(hf_uaccess_read_u32(arg))));
	for (u32 i = 0; i < t->count; i++)
		table_set(t, i, i + 1);
	return 0;
}

/* The device is stopped by another function before its buffer is freed. */
struct engine {
	struct hf_device dev;
	struct hf_completion done;
	dma_addr_t target;
	bool running;
};

static void engine_start(struct engine *e, dma_addr_t to)
{
	e->target = to;
	e->running = true;
}

static void engine_stop(struct engine *e)
{
	e->running = false;
}

int engine_read(struct engine *e, size_t n);
int engine_read(struct engine *e, size_t n)
{
	hf_let(u8_buffer, buf, hf_try(hf_new_buffer(u8, n, GFP_KERNEL)));
	hf_let(u8_from_device, lent, hf_try(u8_map_from_device(hf_move(buf), &e->dev, NULL)));
	int err;

	engine_start(e, hf_dma_addr(lent));
	err = hf_completion_wait_timeout(&e->done, 10);
	if (err) {
		engine_stop(e);
		return err;
	}
	hf_let(u8_buffer, got, u8_unmap_from_device(hf_move(lent)));
	return hf_at(u8_buffer_cslice(hf_ref(got)), 0);
}

/* A handler completes what each call starts, after it has made the completion new. */
struct bus_data {
	u32 data;
	bool busy;
};
HF_LOCKED_DEFINE(locked_bus, spinlock_irq, struct bus_data);

struct bus {
	struct hf_refs refs;
	struct hf_completion done;
	struct locked_bus state;
};

static int bus_init(struct bus *b, u32 first)
{
	hf_completion_init(&b->done);
	hf_lock_init(&b->state);
	hf_lock(s, &b->state);
	s->data = first;
	return 0;
}

static void bus_destroy(struct bus *b)
{
	hf_lock_fini(&b->state);
	hf_completion_fini(&b->done);
}

static void bus_release(struct bus *b)
{
	hf_free(b);
}

HF_ARC_DEFINE(bus, struct bus, refs, bus_destroy, bus_release);
HF_IRQ_DEFINE(bus_irq, bus_arc, bus_interrupt);

static irqreturn_t bus_interrupt(const struct bus *b)
{
	hf_lock(s, &b->state);

	if (!s->busy)
		return IRQ_NONE;
	s->busy = false;
	hf_complete_all(&b->done);
	return IRQ_HANDLED;
}

static struct u32_result bus_read(const struct bus *b)
{
	{
		hf_lock(s, &b->state);

		hf_completion_reinit(&b->done);
		s->busy = true;
	}
	hf_try_errno_in(u32, hf_completion_wait_timeout(&b->done, 20));
	hf_lock(s, &b->state);
	return hf_ok(u32, s->data);
}

int bus_probe(struct hf_irq_line line);
int bus_probe(struct hf_irq_line line)
{
	hf_let_arc(bus, b, hf_try(hf_new_arc_with(bus, GFP_KERNEL, bus_init, 0u)));
	hf_let(bus_irq, irq, hf_try(hf_irq_request(bus_irq, line, "bus", hf_clone(b), GFP_KERNEL)));
	const u32 first = hf_try(bus_read(hf_ref(b)));
	const int again = hf_errno(bus_read(hf_ref(b)));

	return again ? again : (int)first;
}

/* A lock of a structure that is ported, in a static object. */
struct port {
	hf_sys_spinlock_irq_lock lock;
	HF_LOCK_IS(lock, spinlock_irq);
	u32 packets HF_GUARDED_BY(lock);
};

static struct port the_port;

void port_count(void);
void port_count(void)
{
	hf_lock(g, hf_lock_of(&the_port, lock));
	the_port.packets++;
}

u32 port_total(const struct port *p);
u32 port_total(const struct port *p)
{
	hf_lock(g, hf_lock_of(p, lock));
	return p->packets;
}

/* A list is initialised through the guard of the lock that it is behind. */
struct client {
	struct hf_link link;
};

static void client_free(struct client *c)
{
	hf_link_fini(&c->link);
	hf_free(c);
}

HF_OWN_DEFINE(client, struct client, client_free);
HF_LIST_DEFINE(clients, client_own, struct client, link);
HF_LOCKED_DEFINE(locked_clients, mutex, struct clients);

struct service {
	struct locked_clients clients;
};

static void service_free(struct service *s)
{
	/* SAFETY: nobody can reach it any more. */
	clients_clear(hf_lock_get_mut_unchecked(&s->clients));
	hf_lock_fini(&s->clients);
	hf_free(s);
}

HF_OWN_DEFINE(service, struct service, service_free);

static int service_init(struct service *s, u32 unused)
{
	(void)unused;
	hf_lock_init(&s->clients);
	hf_lock(c, &s->clients);
	clients_init(c);
	return 0;
}

int service_start(void);
int service_start(void)
{
	hf_let(service, s, hf_try(hf_new_with(service, GFP_KERNEL, service_init, 0u)));
	hf_lock(c, &hf_ref(s)->clients);

	return clients_empty(c);
}
