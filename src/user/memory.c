// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Memory that is counted and can be made to fail, and user memory. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <holdfast/check.h>

static size_t live;
static unsigned long fail_in;	/* 0: never; n: the nth allocation from now */

bool hf_user_alloc_fails_(void)
{
	unsigned long n = __atomic_load_n(&fail_in, __ATOMIC_RELAXED);

	while (n)
		if (__atomic_compare_exchange_n(&fail_in, &n, n - 1, true, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return n == 1;
	return false;
}

unsigned long hf_user_fail_alloc(unsigned long nth)
{
	return __atomic_exchange_n(&fail_in, nth, __ATOMIC_RELAXED);
}

size_t hf_user_live(void)
{
	return __atomic_load_n(&live, __ATOMIC_RELAXED);
}

void *hf_user_alloc(size_t size, gfp_t gfp)
{
	void *p;

	(void)gfp;
	if (!size || hf_user_alloc_fails_())
		return NULL;
	p = calloc(1, size);
	if (p)
		__atomic_fetch_add(&live, 1, __ATOMIC_RELAXED);
	return p;
}

#if HF_DEBUG
/*
 * A use after free reads what nobody stored, as with the kernel's allocators.  The first two words stay:
 * free() writes its own marks there, by which it detects that a block is freed twice.
 */
static void poison_and_free(void *p)
{
	const size_t marks = 2 * sizeof(void *), size = malloc_usable_size(p);

	if (size > marks)
		memset((char *)p + marks, 0x6b, size - marks);
	/* Or the compiler leaves out stores to memory that is freed. */
	__asm__ volatile("" : : "r"(p) : "memory");
	free(p);
}

/* Always moves, so that a pointer to the old block that was kept is seen. */
static void *resize(void *p, size_t size)
{
	const size_t old = malloc_usable_size(p);
	void *q = malloc(size);

	if (!q)
		return NULL;
	memcpy(q, p, old < size ? old : size);
	poison_and_free(p);
	return q;
}
#else
#define poison_and_free(p)	free(p)
#define resize(p, size)		realloc(p, size)
#endif

void *hf_user_realloc(void *p, size_t size, gfp_t gfp)
{
	if (!p)
		return hf_user_alloc(size, gfp);
	if (!size || hf_user_alloc_fails_())
		return NULL;
	return resize(p, size);
}

void hf_user_free(void *p)
{
	if (!p)
		return;
	__atomic_fetch_sub(&live, 1, __ATOMIC_RELAXED);
	poison_and_free(p);
}

int hf_sys_pages_make(struct hf_sys_pages *p, size_t size, gfp_t gfp)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	(void)gfp;
	if (hf_user_alloc_fails_())
		return -ENOMEM;
	p->area_ = NULL;
	p->len_ = (size + page - 1) / page * page;
	p->fd_ = memfd_create("holdfast", MFD_CLOEXEC);
	if (p->fd_ < 0)
		return -ENOMEM;
	p->cpu_ = ftruncate(p->fd_, (off_t)p->len_) ? MAP_FAILED :
		  mmap(NULL, p->len_, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd_, 0);
	if (p->cpu_ == MAP_FAILED) {
		close(p->fd_);
		return -ENOMEM;
	}
	__atomic_fetch_add(&live, 1, __ATOMIC_RELAXED);
	return 0;
}

void hf_sys_pages_free(struct hf_sys_pages *p)
{
	if (p->area_) {
		hf_user_pages_done_(p);
		return;
	}
	__atomic_fetch_sub(&live, 1, __ATOMIC_RELAXED);
	munmap(p->cpu_, p->len_);
	close(p->fd_);
}
