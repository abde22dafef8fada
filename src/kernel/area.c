// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Areas of processes (pages.h), whose pages come when they are needed and go when memory is short.
 *
 * A page fault puts a page into the mapping.  Whoever needs a page or takes it back has nothing to do with the memory of
 * the process, its locks and its mappings: the pages are known by their number in the file.
 *
 *	zap_		while a page is unmapped, so that the file stays, and while a page gets into a slot: the process
 *			must not see the old one any more.  The shrinker only tries to take it
 *	page lock	from the moment at which a fault finds a page until it is mapped, and while it is taken back: a
 *			page that is taken back is not mapped afterwards.  The shrinker only tries to take it
 *	lock_		the slots
 *	lru.lock	the list
 */
#include <linux/export.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/version.h>

#include <holdfast/sys/sys.h>

/* Pages that nobody needed when they were listed, the oldest first. */
static struct {
	spinlock_t lock;
	struct list_head slots;
	unsigned long count;
} lru = { .lock = __SPIN_LOCK_UNLOCKED(lru.lock), .slots = LIST_HEAD_INIT(lru.slots) };

static void list_slot(struct hf_kernel_slot *s, bool listed)
{
	spin_lock(&lru.lock);
	if (listed)
		list_add_tail(&s->lru_, &lru.slots);
	else
		list_del(&s->lru_);
	WRITE_ONCE(lru.count, listed ? lru.count + 1 : lru.count - 1);
	spin_unlock(&lru.lock);
	s->listed_ = listed;
}

/* ---- Pages ---- */

static int fill(struct hf_area *area, struct hf_kernel_slot *s)
{
	struct page *page;
	bool there;

	spin_lock(&area->lock_);
	there = s->page_;
	spin_unlock(&area->lock_);
	if (there)
		return 0;
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return -ENOMEM;
	/* The one that was there may be in the mapping still, until the shrinker has unmapped it. */
	mutex_lock(&area->zap_);
	spin_lock(&area->lock_);
	if (!s->page_)
		swap(s->page_, page);
	spin_unlock(&area->lock_);
	mutex_unlock(&area->zap_);
	/* Another one was faster. */
	if (page)
		__free_page(page);
	return 0;
}

static struct hf_kernel_slot *slot_behind(const struct hf_area *area, u64 at, u64 n)
{
	return area->slots_ + (n ? PAGE_ALIGN(at + n) >> PAGE_SHIFT : at >> PAGE_SHIFT);
}

int hf_kernel_area_need(struct hf_area *area, u64 at, u64 n)
{
	struct hf_kernel_slot *const first = area->slots_ + (at >> PAGE_SHIFT), *const end = slot_behind(area, at, n), *s;
	bool absent = false, closed;
	int err = 0;

	spin_lock(&area->lock_);
	closed = area->closed_;
	for (s = first; s < end && !closed; s++) {
		s->users_++;
		absent |= !s->page_;
	}
	spin_unlock(&area->lock_);
	if (closed)
		return -ESRCH;
	for (s = first; s < end && absent && !err; s++)
		err = fill(area, s);
	if (err)
		hf_kernel_area_done(area, at, n);
	return err;
}
EXPORT_SYMBOL_GPL(hf_kernel_area_need);

void hf_kernel_area_done(struct hf_area *area, u64 at, u64 n)
{
	struct hf_kernel_slot *s, *const end = slot_behind(area, at, n);

	spin_lock(&area->lock_);
	for (s = area->slots_ + (at >> PAGE_SHIFT); s < end; s++) {
		if (--s->users_ || !s->page_)
			continue;
		s->again_ = s->listed_;
		if (!s->listed_)
			list_slot(s, true);
	}
	spin_unlock(&area->lock_);
}
EXPORT_SYMBOL_GPL(hf_kernel_area_done);

void hf_kernel_area_put(struct hf_area *area)
{
	struct hf_kernel_slot *s;

	if (!refcount_dec_and_test(&area->refs_))
		return;
	for (s = area->slots_; s < area->slots_ + (area->len_ >> PAGE_SHIFT); s++) {
		if (s->listed_)
			list_slot(s, false);
		if (s->page_)
			put_page(s->page_);
	}
	mutex_destroy(&area->zap_);
	kvfree(area->slots_);
	hf_sys_free(area);
}
EXPORT_SYMBOL_GPL(hf_kernel_area_put);

/* ---- The shrinker ---- */

/* The page of a slot that is listed, if nobody needs it. */
static struct page *take(struct hf_area *area, struct hf_kernel_slot *s)
{
	struct page *page = NULL;

	spin_lock(&area->lock_);
	if (s->listed_ && s->users_) {
		list_slot(s, false);
	} else if (s->listed_ && s->again_) {
		s->again_ = false;
	} else if (s->listed_ && trylock_page(s->page_)) {
		swap(s->page_, page);
		list_slot(s, false);
	}
	spin_unlock(&area->lock_);
	return page;
}

static bool take_back(struct hf_area *area, struct hf_kernel_slot *s)
{
	struct page *page;

	if (!mutex_trylock(&area->zap_))
		return false;
	page = take(area, s);
	if (page) {
		if (area->mapping_)
			unmap_mapping_range(area->mapping_, (loff_t)(area->first_ + (s - area->slots_)) << PAGE_SHIFT,
					    PAGE_SIZE, 1);
		unlock_page(page);
		put_page(page);
	}
	mutex_unlock(&area->zap_);
	return page;
}

static unsigned long shrink_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return READ_ONCE(lru.count);
}

static unsigned long shrink_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long i, taken = 0;

	for (i = 0; i < sc->nr_to_scan; i++) {
		struct hf_area *area = NULL;
		struct hf_kernel_slot *s;

		spin_lock(&lru.lock);
		s = list_first_entry_or_null(&lru.slots, struct hf_kernel_slot, lru_);
		if (s) {
			list_move_tail(&s->lru_, &lru.slots);
			area = s->area_;
			/* One that ends takes its slots off the list, and waits for the lock before it is freed. */
			if (!refcount_inc_not_zero(&area->refs_))
				area = NULL;
		}
		spin_unlock(&lru.lock);
		if (!s)
			break;
		if (!area)
			continue;
		taken += take_back(area, s);
		hf_kernel_area_put(area);
	}
	return taken;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
static struct shrinker shrinker = {
	.count_objects = shrink_count,
	.scan_objects = shrink_scan,
	.seeks = DEFAULT_SEEKS,
};

static int __init areas_start(void)
{
	return register_shrinker(&shrinker, "holdfast");
}

static void __exit areas_stop(void)
{
	unregister_shrinker(&shrinker);
}
#else
static struct shrinker *shrinker;

static int __init areas_start(void)
{
	shrinker = shrinker_alloc(0, "holdfast");
	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = shrink_count;
	shrinker->scan_objects = shrink_scan;
	shrinker_register(shrinker);
	return 0;
}

static void __exit areas_stop(void)
{
	shrinker_free(shrinker);
}
#endif

module_init(areas_start);
module_exit(areas_stop);

/* ---- Mappings ---- */

static void area_open(struct vm_area_struct *vma)
{
	struct hf_area *const area = vma->vm_private_data;

	refcount_inc(&area->refs_);
	mutex_lock(&area->zap_);
	area->mappings_++;
	mutex_unlock(&area->zap_);
}

static void area_close(struct vm_area_struct *vma)
{
	struct hf_area *const area = vma->vm_private_data;

	spin_lock(&area->lock_);
	WRITE_ONCE(area->closed_, true);
	spin_unlock(&area->lock_);
	mutex_lock(&area->zap_);
	if (!--area->mappings_)
		area->mapping_ = NULL;
	mutex_unlock(&area->zap_);
	hf_kernel_area_put(area);
}

static struct page *page_at(struct hf_area *area, pgoff_t i)
{
	struct page *page;

	spin_lock(&area->lock_);
	page = area->slots_[i].page_;
	if (page)
		get_page(page);
	spin_unlock(&area->lock_);
	return page;
}

static vm_fault_t area_fault(struct vm_fault *vmf)
{
	struct hf_area *const area = vmf->vma->vm_private_data;
	const pgoff_t i = vmf->pgoff - area->first_;
	struct page *const page = i < area->len_ >> PAGE_SHIFT ? page_at(area, i) : NULL;
	bool same;

	if (!page)
		return VM_FAULT_SIGBUS;
	lock_page(page);
	spin_lock(&area->lock_);
	same = area->slots_[i].page_ == page;
	spin_unlock(&area->lock_);
	if (same) {
		vmf->page = page;
		return VM_FAULT_LOCKED;
	}
	/* It was taken back meanwhile: the process touches it once more. */
	unlock_page(page);
	put_page(page);
	return VM_FAULT_NOPAGE;
}

static const struct vm_operations_struct area_ops = { .open = area_open, .close = area_close, .fault = area_fault };

int hf_kernel_area_make(struct hf_vma *v, u64 most, gfp_t gfp, struct hf_area **made)
{
	static atomic_long_t next;
	struct vm_area_struct *const vma = v->vma_;
	const size_t pages = (size_t)min_t(u64, most, vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
	struct hf_area *area;
	size_t i;

	/* Something is mapped there already. */
	if (vma->vm_flags & (VM_MIXEDMAP | VM_PFNMAP))
		return -EBUSY;
	if (!pages)
		return -EINVAL;
	area = hf_sys_alloc(sizeof(*area), gfp);
	if (!area)
		return -ENOMEM;
	area->slots_ = kvcalloc(pages, sizeof(*area->slots_), gfp);
	if (!area->slots_) {
		hf_sys_free(area);
		return -ENOMEM;
	}
	for (i = 0; i < pages; i++)
		area->slots_[i].area_ = area;
	/* The caller's, and the mapping's. */
	refcount_set(&area->refs_, 2);
	spin_lock_init(&area->lock_);
	mutex_init(&area->zap_);
	area->mapping_ = vma->vm_file->f_mapping;
	area->mappings_ = 1;
	area->address_ = vma->vm_start;
	area->len_ = pages << PAGE_SHIFT;
	/* All files of a node have one mapping. */
	area->first_ = (pgoff_t)atomic_long_add_return((long)vma_pages(vma), &next) - vma_pages(vma);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	vma->vm_flags |= VM_DONTCOPY | VM_MIXEDMAP;
	vma->vm_flags &= ~VM_MAYWRITE;
#else
	vm_flags_mod(vma, VM_DONTCOPY | VM_MIXEDMAP, VM_MAYWRITE);
#endif
	vma->vm_pgoff = area->first_;
	vma->vm_private_data = area;
	vma->vm_ops = &area_ops;
	v->area_ = area;
	*made = area;
	return 0;
}
EXPORT_SYMBOL_GPL(hf_kernel_area_make);

void hf_kernel_area_fail(struct hf_vma *v)
{
	area_close(v->vma_);
	/* The kernel does not close it once more. */
	v->vma_->vm_ops = NULL;
}
EXPORT_SYMBOL_GPL(hf_kernel_area_fail);
