// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Objects by number: a JudyL array and a mutex.  This is the only user of Judy.  Empty without -DHF_USER_IDMAP, so
 * that the library builds where there is no Judy.
 *
 * Judy 1.0.5 leaks up to two blocks if memory fails just as a small array, which is a leaf, becomes a tree.  The array
 * stays whole.
 */
#include <holdfast/sys/compiler.h>
#include <holdfast/sys/sys.h>

#ifdef HF_USER_IDMAP
#include <Judy.h>

/*
 * What stands in the array in place of an object: a number that is reserved, or one that is free but could not be
 * deleted.  Judy may have to allocate to delete, and a removal must not fail.
 */
static char reserved, left;
#define RESERVED	((void *)&reserved)
#define LEFT		((void *)&left)

static void *object(void *const *place)
{
	return !place || *place == RESERVED || *place == LEFT ? NULL : *place;
}

void hf_sys_ids_init(struct hf_sys_ids *s, u32 first, u32 last, struct hf_sys_lock_class *cls)
{
	(void)cls;
	*s = (struct hf_sys_ids){ .first_ = first, .last_ = last };
	pthread_mutex_init(&s->mutex_, NULL);
}

void hf_sys_ids_fini(struct hf_sys_ids *s)
{
	JudyLFreeArray(&s->judy_, PJE0);
	pthread_mutex_destroy(&s->mutex_);
}

/* Readers have a pointer to const, and the mutex is taken all the same. */
static struct hf_sys_ids *lock(const struct hf_sys_ids *locked)
{
	struct hf_sys_ids *s = (struct hf_sys_ids *)(unsigned long)locked;

	pthread_mutex_lock(&s->mutex_);
	return s;
}

static void unlock(struct hf_sys_ids *s)
{
	pthread_mutex_unlock(&s->mutex_);
}

bool hf_sys_ids_unused(struct hf_sys_ids *s)
{
	bool unused;

	lock(s);
	unused = JudyLCount(s->judy_, 0, ~(Word_t)0, PJE0) == s->left_;
	unlock(s);
	return unused;
}

/* The first number of these that is free, although it has an entry. */
static void **first_left(const struct hf_sys_ids *s, Word_t *id)
{
	void **place;

	*id = s->first_;
	for (place = JudyLFirst(s->judy_, id, PJE0); place; place = JudyLNext(s->judy_, id, PJE0))
		if (*place == LEFT)
			break;
	return place;
}

static int reserve(struct hf_sys_ids *s, Word_t *id)
{
	Word_t again, free = s->first_;
	const bool found = JudyLFirstEmpty(s->judy_, &free, PJE0) == 1 && free <= s->last_;
	void **place = s->left_ ? first_left(s, &again) : NULL;

	if (place && (!found || again < free)) {
		s->left_--;
		*id = again;
	} else if (found) {
		place = JudyLIns(&s->judy_, free, PJE0);
		if (!place || place == PPJERR)
			return -ENOMEM;
		*id = free;
	} else {
		return -ENOSPC;
	}
	*place = RESERVED;
	return 0;
}

int hf_sys_ids_reserve(struct hf_sys_ids *s, u32 *id, gfp_t gfp)
{
	Word_t at = 0;
	int err;

	(void)gfp;
	lock(s);
	err = reserve(s, &at);
	unlock(s);
	*id = (u32)at;
	return err;
}

void hf_sys_ids_fill(struct hf_sys_ids *s, u32 id, void *p)
{
	void **place;

	lock(s);
	place = JudyLGet(s->judy_, id, PJE0);
	*place = p;
	unlock(s);
}

/* The mutex is held. */
static void delete(struct hf_sys_ids *s, u32 id)
{
	if (JudyLDel(&s->judy_, id, PJE0) == 1)
		return;
	*(void **)JudyLGet(s->judy_, id, PJE0) = LEFT;
	s->left_++;
}

void hf_sys_ids_give_back(struct hf_sys_ids *s, u32 id)
{
	lock(s);
	delete(s, id);
	unlock(s);
}

void *hf_sys_ids_find(const struct hf_sys_ids *locked, u32 id)
{
	struct hf_sys_ids *s = lock(locked);
	void *p = object(JudyLGet(s->judy_, id, PJE0));

	unlock(s);
	return p;
}

void *hf_sys_ids_next(const struct hf_sys_ids *locked, u32 *id)
{
	struct hf_sys_ids *s = lock(locked);
	Word_t at = *id;
	void **place;

	for (place = JudyLFirst(s->judy_, &at, PJE0); place && !object(place);)
		place = JudyLNext(s->judy_, &at, PJE0);
	if (place)
		*id = (u32)at;
	unlock(s);
	return object(place);
}

void *hf_sys_ids_remove(struct hf_sys_ids *s, u32 id)
{
	void *p;

	lock(s);
	p = object(JudyLGet(s->judy_, id, PJE0));
	if (p)
		delete(s, id);
	unlock(s);
	return p;
}
#endif
