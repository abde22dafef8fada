// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Where hf_try() and its like may stand, and what may be held while they do. */
#include <stdlib.h>

#include <holdfast/holdfast.h>

struct request {
	int tag;
	u32 len;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
HF_PTR_RESULT_DEFINE(request_ptr, struct request);
struct request_own_result request_make(u32 tag);
struct request_ptr_result request_find(u32 tag);
struct u32_result parse(const char *text);
int start(u32 n);
int use(u32 n);
int submit(struct request_own req);
struct dev;
int submit_sized(const struct dev *d, u32 a, u32 b);

struct dev {
	pthread_mutex_t raw;
	struct request_own current, next;
	u32 mtu, table[4];
	char *name;
};

HF_LOCKED_DEFINE(locked_dev, mutex, struct dev);

/* A whole initialiser, assigned value, statement, returned value, condition. */
static int whole(struct dev *d, const char *text)
{
	const u32 n = hf_try(parse(text));

	d->mtu = hf_try(parse(text));
	d->mtu += hf_try(parse(text));
	d->table[n % 4] = hf_try(parse(text));
	(void)hf_try(parse(text));
	hf_try_errno(start(n));
	if (hf_try(parse(text)))
		d->mtu++;
	switch (hf_try(parse(text))) {
	case 0:
		break;
	default:
		return (int)hf_try(parse(text));
	}
	for (;;) {
		if (!hf_try(parse(text)))
			break;
	}
	return 0;
}

/* Beside operands that only look at something: nothing of them is lost. */
static int beside(struct dev *d, const char *text, u32 base)
{
	const u32 sum = base + hf_try(parse(text));

	d->mtu = d->table[hf_try(parse(text)) % 4] + hf_try(parse(d->name));
	if (base && hf_try(parse(text)))
		return 1;
	hf_mut(d->next)->len = hf_ref(d->current)->len + hf_try(parse(text));
	return submit_sized(d, sum, hf_try(parse(text)));
}

/* The only operand that is evaluated. */
static int alone(struct dev *d, const char *text, struct hf_untrusted_u32 number)
{
	static const u32 sizes[] = { 512, 4096 };

	if (hf_try(parse(text)) == 3)
		return hf_try(request_find(1))->tag;
	hf_try(request_find(2))->tag = 4;
	hf_try_errno(use(sizes[hf_try(hf_below(number, 2))]));
	d->mtu = (u32)sizeof(*d) + hf_try(parse(text));
	return use(hf_try(parse(text)) << 2);
}

/* The arguments of Holdfast's own. */
static int front_doors(struct dev *d, struct hf_reader *r, u32 tag)
{
	hf_let(request, req, hf_try(request_make(tag)));
	struct hf_reader body = hf_try(hf_subreader(r, hf_try(hf_read_u8(r))));

	hf_set(d->current, hf_try(request_make(hf_try(hf_at_most(hf_try(hf_read_le32(&body)), 9)))));
	hf_let(request, old, hf_replace(d->current, hf_try(request_make(tag))));
	hf_mut(req)->len = hf_ref(old)->len;
	return submit(hf_move(req));
}

/* Locks, references and memory that end by themselves, or are given up before. */
static void free_name(void *name)
{
	free(name);
}

static int held(struct locked_dev *l, struct dev *d, const char *text)
{
	char *name = malloc(16);
	u32 mtu;
	int err;

	if (!name)
		return -ENOMEM;
	hf_defer(undo, free_name, name);
	pthread_mutex_lock(&d->raw);
	err = hf_store_ok(mtu, parse(text));
	pthread_mutex_unlock(&d->raw);
	hf_try_errno(err);
	d->mtu = mtu + hf_ok_or(parse(text), 1);

	hf_lock(g, l);
	g->mtu = hf_try(parse(text));
	if (g->mtu > 9) {
		pthread_mutex_lock(&d->raw);
		d->mtu++;
		pthread_mutex_unlock(&d->raw);
		hf_try_errno(start(9));
	}
	hf_dismiss(undo);
	d->name = name;
	return 0;
}

static int kept(struct dev *d, const char *text)
{
	char *name = malloc(16);

	if (!name)
		return -ENOMEM;
	d->name = name;
	d->mtu = hf_try(parse(text));
	return 0;
}

int all(struct locked_dev *l, struct dev *d, struct hf_reader *r, const char *text, struct hf_untrusted_u32 n);
int all(struct locked_dev *l, struct dev *d, struct hf_reader *r, const char *text, struct hf_untrusted_u32 n)
{
	hf_try_errno(whole(d, text));
	hf_try_errno(beside(d, text, 1));
	hf_try_errno(alone(d, text, n));
	hf_try_errno(front_doors(d, r, 2));
	hf_try_errno(held(l, d, text));
	return kept(d, text);
}
