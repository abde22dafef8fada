/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The userspace IOMMU.
 *
 * One word a slot says which generation lives there, whether it is mapped, and how many device
 * accesses are under way. The device takes part in that word only by compare-and-swap: it can add
 * itself only to the live generation that its address names. Unmapping clears the live bit, after
 * which nobody can join, and waits for those inside to leave. A slot's other fields change only
 * while it is not live and nobody is inside.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include <holdfast/sys/user_iommu.h>

#define IOMMU_PAGE		4096u

#define IOVA_OFFSET_BITS	28
#define IOVA_GENERATION_BITS	20
#define IOVA_SLOT_BITS		16
#define IOVA_OFFSET_MAX		((1ull << IOVA_OFFSET_BITS) - 1)
#define IOVA_GENERATION_MAX	((1ull << IOVA_GENERATION_BITS) - 1)
#define IOVA_SLOT_MAX		((1ull << IOVA_SLOT_BITS) - 1)

/* Slots come in chunks that never move, so that the device can look one up without a lock. */
#define CHUNK_SLOTS		256u
#define CHUNKS			(IOVA_SLOT_MAX / CHUNK_SLOTS)

/* The state word: generation : 20 (from bit 33) | live : 1 | device accesses under way : 32 */
#define STATE_LIVE		(1ull << 32)
#define STATE_PINS		(STATE_LIVE - 1)
#define STATE_GENERATION_SHIFT	33

struct iommu_slot {
	_Atomic u64 state;
	u8 *cpu;
	size_t len;
	unsigned int perm;
	u32 index;
	struct iommu_slot *next_free;
};

struct iommu_chunk {
	struct iommu_slot slots[CHUNK_SLOTS];
};

struct hf_user_iommu {
	_Atomic(struct iommu_chunk *) chunks[CHUNKS];
	pthread_mutex_t lock;		/* of what follows, and of unmapping */
	struct iommu_slot *free;
	size_t chunk_count;
	_Atomic size_t mappings;
};

static u64 state_generation(u64 state)
{
	return state >> STATE_GENERATION_SHIFT;
}

static u64 slot_iova(const struct iommu_slot *slot, u64 state)
{
	return (u64)(slot->index + 1) << (IOVA_OFFSET_BITS + IOVA_GENERATION_BITS) |
	       state_generation(state) << IOVA_OFFSET_BITS |
	       ((uintptr_t)slot->cpu & (IOMMU_PAGE - 1));
}

static struct iommu_slot *slot_of(struct hf_user_iommu *iommu, u64 iova)
{
	u64 slot = iova >> (IOVA_OFFSET_BITS + IOVA_GENERATION_BITS);
	struct iommu_chunk *chunk;

	/* Slot 0 is no slot: small integers and NULL are no addresses. */
	if (slot == 0 || slot > CHUNKS * CHUNK_SLOTS)
		return NULL;
	slot--;
	chunk = atomic_load_explicit(&iommu->chunks[slot / CHUNK_SLOTS], memory_order_acquire);
	return chunk ? &chunk->slots[slot % CHUNK_SLOTS] : NULL;
}

static bool state_is(u64 state, u64 iova)
{
	return (state & STATE_LIVE) &&
	       state_generation(state) == (iova >> IOVA_OFFSET_BITS & IOVA_GENERATION_MAX);
}

struct hf_user_iommu *hf_user_iommu_new(void)
{
	struct hf_user_iommu *iommu = hf_user_alloc(sizeof(*iommu), GFP_KERNEL);

	if (!iommu)
		return NULL;
	if (pthread_mutex_init(&iommu->lock, NULL)) {
		hf_user_free(iommu);
		return NULL;
	}
	for (size_t i = 0; i < CHUNKS; i++)
		atomic_init(&iommu->chunks[i], NULL);
	iommu->free = NULL;
	iommu->chunk_count = 0;
	atomic_init(&iommu->mappings, 0);
	return iommu;
}

size_t hf_user_iommu_free(struct hf_user_iommu *iommu)
{
	size_t left;

	if (!iommu)
		return 0;
	left = hf_user_iommu_mappings(iommu);
	for (size_t i = 0; i < iommu->chunk_count; i++)
		hf_user_free(atomic_load_explicit(&iommu->chunks[i], memory_order_relaxed));
	pthread_mutex_destroy(&iommu->lock);
	hf_user_free(iommu);
	return left;
}

size_t hf_user_iommu_mappings(const struct hf_user_iommu *iommu)
{
	return atomic_load_explicit(&iommu->mappings, memory_order_relaxed);
}

/* Called with the lock held, when no slot is free. */
static int iommu_grow(struct hf_user_iommu *iommu)
{
	struct iommu_chunk *chunk;

	if (iommu->chunk_count == CHUNKS)
		return -ENOMEM;
	chunk = hf_user_alloc(sizeof(*chunk), GFP_KERNEL);
	if (!chunk)
		return -ENOMEM;
	for (u32 i = CHUNK_SLOTS; i-- > 0;) {
		struct iommu_slot *slot = &chunk->slots[i];

		atomic_init(&slot->state, 0);
		slot->index = (u32)(iommu->chunk_count * CHUNK_SLOTS + i);
		slot->next_free = iommu->free;
		iommu->free = slot;
	}
	atomic_store_explicit(&iommu->chunks[iommu->chunk_count++], chunk, memory_order_release);
	return 0;
}

int hf_user_iommu_map(struct hf_user_iommu *iommu, void *cpu, size_t len, unsigned int perm,
		      u64 *iova)
{
	struct iommu_slot *slot;
	u64 state;
	int err = 0;

	if (!cpu || !len || len > IOVA_OFFSET_MAX - IOMMU_PAGE)
		return -EINVAL;
	if (!perm || (perm & ~(HF_USER_DMA_READ | HF_USER_DMA_WRITE)))
		return -EINVAL;

	pthread_mutex_lock(&iommu->lock);
	if (!iommu->free)
		err = iommu_grow(iommu);
	slot = iommu->free;
	if (!err)
		iommu->free = slot->next_free;
	pthread_mutex_unlock(&iommu->lock);
	if (err)
		return err;

	slot->cpu = cpu;
	slot->len = len;
	slot->perm = perm;
	state = atomic_load_explicit(&slot->state, memory_order_relaxed) | STATE_LIVE;
	*iova = slot_iova(slot, state);
	atomic_fetch_add_explicit(&iommu->mappings, 1, memory_order_relaxed);
	/* Publishes the fields above, and what the driver has put into the memory. */
	atomic_store_explicit(&slot->state, state, memory_order_release);
	return 0;
}

int hf_user_iommu_unmap(struct hf_user_iommu *iommu, u64 iova, size_t len)
{
	struct iommu_slot *slot = slot_of(iommu, iova);
	u64 state;

	if (!slot)
		return -EINVAL;

	/* The lock decides between two unmaps of one address, and keeps the slot's fields still. */
	pthread_mutex_lock(&iommu->lock);
	state = atomic_load_explicit(&slot->state, memory_order_acquire);
	if (!state_is(state, iova) || slot->len != len || slot_iova(slot, state) != iova) {
		pthread_mutex_unlock(&iommu->lock);
		return -EINVAL;
	}
	atomic_fetch_and_explicit(&slot->state, ~STATE_LIVE, memory_order_relaxed);
	pthread_mutex_unlock(&iommu->lock);

	/* Acquire, with unpin's release: the device's last access comes before what follows. */
	for (;;) {
		state = atomic_load_explicit(&slot->state, memory_order_acquire);
		if (!(state & STATE_PINS))
			break;
		sched_yield();
	}
	atomic_fetch_sub_explicit(&iommu->mappings, 1, memory_order_relaxed);

	/* Without generations left the slot is retired: its old addresses must not come back. */
	if (state_generation(state) == IOVA_GENERATION_MAX)
		return 0;
	atomic_store_explicit(&slot->state, state + (1ull << STATE_GENERATION_SHIFT),
			      memory_order_relaxed);
	pthread_mutex_lock(&iommu->lock);
	slot->next_free = iommu->free;
	iommu->free = slot;
	pthread_mutex_unlock(&iommu->lock);
	return 0;
}

void *hf_user_iommu_pin(struct hf_user_iommu *iommu, u64 iova, size_t len, unsigned int perm)
{
	struct iommu_slot *slot = slot_of(iommu, iova);
	u64 offset = iova & IOVA_OFFSET_MAX;
	u64 state, start;

	if (!slot)
		return NULL;
	state = atomic_load_explicit(&slot->state, memory_order_relaxed);
	do {
		if (!state_is(state, iova))
			return NULL;
	} while (!atomic_compare_exchange_weak_explicit(&slot->state, &state, state + 1,
							memory_order_acquire,
							memory_order_relaxed));

	start = (uintptr_t)slot->cpu & (IOMMU_PAGE - 1);
	if ((slot->perm & perm) != perm || offset < start || offset - start > slot->len ||
	    len > slot->len - (offset - start)) {
		hf_user_iommu_unpin(iommu, iova);
		return NULL;
	}
	return slot->cpu + (offset - start);
}

void hf_user_iommu_unpin(struct hf_user_iommu *iommu, u64 iova)
{
	struct iommu_slot *slot = slot_of(iommu, iova);

	if (slot)
		atomic_fetch_sub_explicit(&slot->state, 1, memory_order_release);
}

int hf_user_iommu_access(struct hf_user_iommu *iommu, u64 iova, void *buf, size_t len, bool write)
{
	void *cpu = hf_user_iommu_pin(iommu, iova, len,
				      write ? HF_USER_DMA_WRITE : HF_USER_DMA_READ);

	if (!cpu)
		return -EFAULT;
	if (write)
		memcpy(cpu, buf, len);
	else
		memcpy(buf, cpu, len);
	hf_user_iommu_unpin(iommu, iova);
	return 0;
}

void *hf_user_iommu_resolve(struct hf_user_iommu *iommu, u64 iova, size_t len, unsigned int perm)
{
	void *cpu = hf_user_iommu_pin(iommu, iova, len, perm);

	if (cpu)
		hf_user_iommu_unpin(iommu, iova);
	return cpu;
}
