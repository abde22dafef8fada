// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What may be taken away or replaced while it is read.
 *
 * Making a domain of readers, and waiting for it at the end, takes far longer than the loops below.  So the first call
 * makes the objects, and bench_revocable_end() ends them.
 */
#include "../bench.h"

#define OPS 256

/* The loop of both sides: @read gives a number, or an errno. */
#define READ_ALL(make, read)								\
	int err = make();								\
	s64 sum = 0;									\
											\
	if (err)									\
		return err;								\
	for (size_t i = 0; i < OPS && i < in->n; i++) {					\
		const s64 got = read(in->words[i]);					\
											\
		if (got < 0)								\
			return got;							\
		sum += got;								\
	}										\
	return sum

/* --- a register window that exists while the device does ----------------------------------------- */

struct window {
	u32 status;
};

static void window_unmap(struct window *w)
{
	hf_free(w);
}

HF_OWN_DEFINE(window, struct window, window_unmap);

#define BOTH(kind)									\
	static struct {									\
		struct hf_sys_##kind domain;						\
		struct window *window;							\
	} raw_##kind;									\
	static HF_MUST_USE int raw_##kind##_make(void)					\
	{										\
		struct window *w;							\
		int err;								\
											\
		if (raw_##kind.window)							\
			return 0;							\
		w = hf_sys_alloc(sizeof(*w), GFP_KERNEL);				\
		if (!w)									\
			return -ENOMEM;							\
		err = hf_sys_##kind##_init(&raw_##kind.domain);				\
		if (err) {								\
			hf_sys_free(w);							\
			return err;							\
		}									\
		w->status = 7;								\
		hf_sys_store_release(&raw_##kind.window, w);				\
		return 0;								\
	}										\
	static void raw_##kind##_end(void)						\
	{										\
		struct window *w = raw_##kind.window;					\
											\
		if (!w)									\
			return;								\
		hf_sys_store_release(&raw_##kind.window, (struct window *)NULL);	\
		hf_sys_##kind##_synchronize(&raw_##kind.domain);			\
		hf_sys_##kind##_fini(&raw_##kind.domain);				\
		hf_sys_free(w);								\
	}										\
	BENCH_CALL static s64 raw_revocable_##kind##_read(u32 v)			\
	{										\
		const int idx = hf_sys_##kind##_read_lock(&raw_##kind.domain);		\
		const struct window *const w = hf_sys_read_published(&raw_##kind.window); \
		s64 got = -ENODEV;							\
											\
		if (HF_LIKELY(w))							\
			got = w->status ^ v;						\
		hf_sys_##kind##_read_unlock(&raw_##kind.domain, idx);			\
		return got;								\
	}										\
	s64 raw_revocable_##kind(const struct bench_in *in)				\
	{										\
		READ_ALL(raw_##kind##_make, raw_revocable_##kind##_read);		\
	}										\
											\
	HF_REVOCABLE_DEFINE(kind##_window, kind, window_own);				\
	static struct kind##_window hf_##kind;						\
	static bool hf_##kind##_made;							\
	static HF_MUST_USE int hf_##kind##_make(void)					\
	{										\
		if (!hf_##kind##_made) {						\
			hf_let(window, w, hf_try(hf_new(window, GFP_KERNEL)));		\
											\
			hf_mut(w)->status = 7;						\
			hf_try_errno(kind##_window_init(&hf_##kind, hf_move(w)));	\
			hf_##kind##_made = true;					\
		}									\
		return 0;								\
	}										\
	BENCH_CALL static s64 hf_revocable_##kind##_read(u32 v)				\
	{										\
		hf_access_else(w, &hf_##kind, return -ENODEV);				\
											\
		return w->status ^ v;							\
	}										\
	s64 hf_revocable_##kind(const struct bench_in *in)				\
	{										\
		READ_ALL(hf_##kind##_make, hf_revocable_##kind##_read);			\
	}

BOTH(srcu)
BOTH(rcu)

/* --- a configuration that is replaced now and then ----------------------------------------------- */

struct config {
	struct hf_rcu_head rcu;
	u32 limit;
};

static void config_free(struct config *c)
{
	hf_free(c);
}

HF_RCU_DEFINE(config, struct config, rcu, config_free);

static struct config *raw_config;
static struct config_rcu hf_config;
static bool hf_config_made;

static HF_MUST_USE int raw_config_make(void)
{
	struct config *c;

	if (raw_config)
		return 0;
	c = hf_sys_alloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	c->limit = 7;
	hf_sys_store_release(&raw_config, c);
	return 0;
}

BENCH_CALL static s64 raw_rcu_read_limit(u32 v)
{
	const struct config *c;
	s64 got = -ENODEV;

	(void)hf_sys_rcu_read_lock((struct hf_sys_rcu *)NULL);
	c = hf_sys_read_published(&raw_config);
	if (HF_LIKELY(c))
		got = c->limit ^ v;
	hf_sys_rcu_read_unlock((struct hf_sys_rcu *)NULL, 0);
	return got;
}

s64 raw_rcu_read(const struct bench_in *in)
{
	READ_ALL(raw_config_make, raw_rcu_read_limit);
}

static HF_MUST_USE int hf_config_make(void)
{
	if (!hf_config_made) {
		hf_let(config, c, hf_try(hf_new(config, GFP_KERNEL)));

		hf_mut(c)->limit = 7;
		config_rcu_init(&hf_config, hf_move(c));
		hf_config_made = true;
	}
	return 0;
}

BENCH_CALL static s64 hf_rcu_read_limit(u32 v)
{
	hf_rcu_read_else(c, &hf_config, return -ENODEV);

	return c->limit ^ v;
}

s64 hf_rcu_read(const struct bench_in *in)
{
	READ_ALL(hf_config_make, hf_rcu_read_limit);
}

void bench_revocable_end(void)
{
	raw_srcu_end();
	srcu_window_fini(&hf_srcu);
	raw_rcu_end();
	rcu_window_fini(&hf_rcu);
	hf_sys_free(raw_config);
	config_rcu_fini(&hf_config);
}
