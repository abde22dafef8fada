// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Areas of processes (pages.h), whose pages come when they are needed and go when a test asks for it. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <holdfast/pages.h>

struct hf_user_slot {
	unsigned int users;
	bool there;
};

/* Its lock is taken before that of an area. */
static struct {
	pthread_mutex_t lock;
	struct hf_area *first;
} areas = { .lock = PTHREAD_MUTEX_INITIALIZER };

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t page_count(const struct hf_area *area)
{
	return area->all_.len_ / page_size();
}

/* As a mapping of a file that is open only for reading, which mprotect() cannot make writable. */
static int map_for_process(struct hf_vma *v, const struct hf_area *area)
{
	char path[32];
	const void *addr;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", area->all_.fd_);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (v->fd_) {
		*v->fd_ = fd;
		v->mapped_ = true;
		return 0;
	}
	addr = mmap(v->addr_, area->all_.len_, PROT_NONE, MAP_SHARED | MAP_FIXED, fd, 0);
	close(fd);
	return addr == MAP_FAILED ? -ENOMEM : 0;
}

int hf_sys_area_make(struct hf_vma *v, u64 most, gfp_t gfp, struct hf_area **made)
{
	const u64 bytes = most < v->size_ ? most : v->size_;
	const size_t pages = (size_t)bytes / page_size();
	struct hf_area *area;
	int err;

	if (v->mapped_)
		return -EBUSY;
	if (!pages)
		return -EINVAL;
	area = hf_user_alloc(sizeof(*area), gfp);
	if (!area)
		return -ENOMEM;
	area->slots_ = hf_user_alloc(pages * sizeof(*area->slots_), gfp);
	err = area->slots_ ? hf_sys_pages_make(&area->all_, pages * page_size(), gfp) : -ENOMEM;
	if (!err) {
		err = map_for_process(v, area);
		if (err)
			hf_sys_pages_free(&area->all_);
	}
	if (err) {
		hf_user_free(area->slots_);
		hf_user_free(area);
		return err;
	}
	/* The caller's, and the mapping's. */
	area->refs_ = 2;
	pthread_mutex_init(&area->lock_, NULL);
	area->elsewhere_ = v->fd_;
	area->prot_ = v->prot_;
	area->user_ = v->addr_;
	pthread_mutex_lock(&areas.lock);
	area->next_ = areas.first;
	areas.first = area;
	pthread_mutex_unlock(&areas.lock);
	v->area_ = area;
	*made = area;
	return 0;
}

void hf_sys_area_get(struct hf_area *area)
{
	__atomic_fetch_add(&area->refs_, 1, __ATOMIC_RELAXED);
}

void hf_sys_area_put(struct hf_area *area)
{
	struct hf_area **link;

	/* The list refers to areas without a reference, so the last one is put under its lock. */
	pthread_mutex_lock(&areas.lock);
	if (__atomic_fetch_sub(&area->refs_, 1, __ATOMIC_ACQ_REL) != 1) {
		pthread_mutex_unlock(&areas.lock);
		return;
	}
	for (link = &areas.first; *link != area; link = &(*link)->next_)
		;
	*link = area->next_;
	pthread_mutex_unlock(&areas.lock);
	hf_sys_pages_free(&area->all_);
	pthread_mutex_destroy(&area->lock_);
	hf_user_free(area->slots_);
	hf_user_free(area);
}

void hf_user_area_close_(struct hf_area *area)
{
	pthread_mutex_lock(&area->lock_);
	__atomic_store_n(&area->closed_, true, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&area->lock_);
	hf_sys_area_put(area);
}

/* What the process may do with a page, if it still has the mapping. */
static void allow(const struct hf_area *area, size_t i, int prot)
{
	if (!area->closed_ && !area->elsewhere_ && mprotect(area->user_ + i * page_size(), page_size(), prot))
		abort();
}

static void done(struct hf_area *area, size_t first, size_t end)
{
	pthread_mutex_lock(&area->lock_);
	for (size_t i = first; i < end; i++)
		area->slots_[i].users--;
	pthread_mutex_unlock(&area->lock_);
}

static size_t first_page(const struct hf_sys_pages *p)
{
	return (size_t)(p->cpu_ - p->area_->all_.cpu_) / page_size();
}

static size_t end_page(const struct hf_sys_pages *p)
{
	return p->len_ ? ((size_t)(p->cpu_ - p->area_->all_.cpu_) + p->len_ - 1) / page_size() + 1 : first_page(p);
}

int hf_sys_pages_need(struct hf_sys_pages *p, struct hf_area *area, u64 at, u64 n)
{
	const struct hf_sys_pages needed = { .cpu_ = area->all_.cpu_ + at, .len_ = (size_t)n, .area_ = area };
	const size_t first = first_page(&needed), end = end_page(&needed);
	size_t i;
	int err = 0;

	pthread_mutex_lock(&area->lock_);
	if (area->closed_)
		err = -ESRCH;
	for (i = first; i < end && !err; i++) {
		struct hf_user_slot *const s = &area->slots_[i];

		if (!s->there && hf_user_alloc_fails_()) {
			err = -ENOMEM;
			break;
		}
		if (!s->there)
			allow(area, i, area->prot_);
		s->there = true;
		s->users++;
	}
	pthread_mutex_unlock(&area->lock_);
	if (err) {
		done(area, first, i);
		return err;
	}
	hf_sys_area_get(area);
	*p = needed;
	return 0;
}

void hf_user_pages_done_(struct hf_sys_pages *p)
{
	done(p->area_, first_page(p), end_page(p));
	hf_sys_area_put(p->area_);
}

size_t hf_user_shrink(void)
{
	const int hole = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
	size_t taken = 0;

	pthread_mutex_lock(&areas.lock);
	for (struct hf_area *area = areas.first; area; area = area->next_) {
		pthread_mutex_lock(&area->lock_);
		for (size_t i = 0; i < page_count(area); i++) {
			struct hf_user_slot *const s = &area->slots_[i];

			if (!s->there || s->users)
				continue;
			allow(area, i, PROT_NONE);
			if (fallocate(area->all_.fd_, hole, (off_t)(i * page_size()), (off_t)page_size()))
				abort();
			s->there = false;
			taken++;
		}
		pthread_mutex_unlock(&area->lock_);
	}
	pthread_mutex_unlock(&areas.lock);
	return taken;
}
