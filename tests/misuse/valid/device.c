// SPDX-License-Identifier: GPL-2.0-only OR MIT
// A device: registers, shared memory, numbers that are checked before they are used.
#include <holdfast/dma.h>
#include <holdfast/mmio.h>
#include <holdfast/scope.h>

HF_MMIO_DEFINE(regs, 0x1000);
HF_REG_RO(regs, cap, 0x00, u64);
HF_REG_RW(regs, cc, 0x14, u32);
HF_REG_RO(regs, csts, 0x1c, u32);
HF_REG_WO(regs, asq, 0x28, u64);

struct cqe {
	struct hf_le32 result;
	struct hf_le32 reserved;
	struct hf_le16 sq_head;
	struct hf_le16 sq_id;
	struct hf_le16 cid;
	struct hf_le16 status;
};

HF_DMA_DEFINE(cqes, struct cqe);

struct queue {
	struct cqes cqes;
	u16 head, depth;
	bool phase;
};

enum {
	DOORBELLS = 0x800,
	DOORBELL_STRIDE = 8,
};

int bring_up(struct hf_io io, struct queue *q);
int bring_up(struct hf_io io, struct queue *q)
{
	const struct regs r = hf_try(regs_map(io));
	u64 mqes = hf_try(hf_in_range(hf_bits(regs_read_cap(&r), 0, 16), 1, 4095));
	u32 stride = 4U << hf_mask(hf_bits(regs_read_cap(&r), 32, 4), 15);
	struct hf_reg32 doorbell;

	regs_write_cc(&r, 1);
	if (hf_equals(regs_read_csts(&r), ~0U))
		return -ENODEV;
	regs_write_asq(&r, cqes_addr(&q->cqes));
	hf_try_errno(hf_io_write32(&r, 0x1000 - stride, 0));
	q->depth = hf_try(hf_to_u16(mqes + 1));
	/* Constants inside, and what is computed, of a typed window and of one that is not. */
	hf_try_errno(hf_io_write32(&r, DOORBELLS + 1 * DOORBELL_STRIDE, 0));
	hf_try_errno(hf_io_write8(&r, 0xfff, 1));
	hf_try_errno(hf_io_write64(&io, stride * 0x1000ULL, 1));
	doorbell = hf_try(hf_io_reg32(&r, (size_t)0xffc));
	hf_reg32_write(&doorbell, hf_accept_any(hf_try(hf_io_read32(&io, 0x2000))));
	return (int)hf_mask(hf_try(hf_io_read16(&r, mqes)), 1);
}

int poll(struct queue *q, int *requests);
int poll(struct queue *q, int *requests)
{
	const struct cqe cqe = hf_try(cqes_read_if(&q->cqes, q->head, 12, 0x10000,
						   q->phase ? 0x10000 : 0));
	u16 cid = hf_try(hf_below_nospec(hf_from_le(cqe.cid), q->depth));

	requests[cid]--;
	if (++q->head == q->depth) {
		q->head = 0;
		q->phase = !q->phase;
	}
	return 0;
}

/* A buffer in a variable: what the device has is dropped on every way out. */
int lend(struct hf_device *dev, struct u8_cslice bytes);
int lend(struct hf_device *dev, struct u8_cslice bytes)
{
	hf_let(u8_buffer, buf, hf_try(hf_new_buffer(u8, hf_len(bytes), GFP_KERNEL)));

	hf_try_errno(hf_copy(u8_buffer_slice(hf_mut(buf)), bytes));
	hf_let(u8_to_device, out, hf_try(u8_map_to_device(hf_move(buf), dev, NULL)));
	if (hf_dma_size(out) > 4096)
		return -E2BIG;
	hf_let(u8_buffer, back, u8_unmap_to_device(hf_move(out)));
	hf_let(u8_from_device, in, hf_try(u8_map_part_from_device(hf_move(back), dev, 4, 8, NULL)));
	if (!hf_dma_addr(in))
		return -EIO;
	hf_let(u8_buffer, got, u8_unmap_from_device(hf_move(in)));
	const struct u8_cslice answer = hf_try(hf_subslice(u8_buffer_cslice(hf_ref(got)), 4, 8));

	return hf_at(answer, 0);
}

/* Buffers that are allocated in advance, in a structure. */
struct extent {
	struct hf_le64 lba;
	struct hf_le32 n, reserved;
};

HF_SLICE_DEFINE(extent, struct extent);
HF_DMA_BUFFER_DEFINE(extent);

struct slot {
	struct extent_buffer_own ranges;
	struct extent_to_device_own lent;
};

static void slot_free(struct slot *s)
{
	extent_buffer_own_drop(&s->ranges);
	extent_to_device_own_drop(&s->lent);
	hf_free(s);
}

HF_OWN_DEFINE(slot, struct slot, slot_free);

int slot_begin(struct slot *s, struct hf_device *dev, u64 lba);
int slot_begin(struct slot *s, struct hf_device *dev, u64 lba)
{
	if (hf_is_empty(s->ranges))
		return -EBUSY;
	hf_for_each(r, extent_buffer_slice(hf_mut(s->ranges)))
		r->lba = hf_le64(lba++);
	return hf_set_ok(s->lent, extent_map_to_device(hf_take(s->ranges), dev, &s->ranges));
}

void slot_end(struct slot *s);
void slot_end(struct slot *s)
{
	if (!hf_is_empty(s->lent))
		hf_set(s->ranges, extent_unmap_to_device(hf_take(s->lent)));
}

/* A variable that has its buffer back after a failure. */
int retry(struct hf_device *dev, struct u8_buffer_own given);
int retry(struct hf_device *dev, struct u8_buffer_own given)
{
	hf_let(u8_buffer, buf, given);

	for (int i = 0; i < 3 && !hf_is_empty(buf); i++) {
		struct u8_to_device_own_result r = u8_map_to_device(hf_take(buf), dev, &buf);

		if (!hf_is_ok(r))
			continue;
		hf_let(u8_to_device, m, hf_expect(r, "just tested"));
		return hf_dma_size(m) > 4;
	}
	return -ENOMEM;
}

/* What was copied out of a buffer may be used while the device has it. */
int outlive(struct hf_device *dev, struct u8_buffer_own given);
int outlive(struct hf_device *dev, struct u8_buffer_own given)
{
	hf_let(u8_buffer, buf, given);
	const u8 first = hf_at(u8_buffer_cslice(hf_ref(buf)), 0);
	const u8 second = *hf_try(hf_get(u8_buffer_cslice(hf_ref(buf)), 1));
	const size_t len = hf_len(u8_buffer_cslice(hf_ref(buf)));
	hf_let(u8_to_device, m, hf_try(u8_map_to_device(hf_move(buf), dev, NULL)));

	return first == second && hf_dma_size(m) == len;
}

/* Bytes of shared memory. */
int bytes(const struct cqes *cqes, struct u8_slice buf);
int bytes(const struct cqes *cqes, struct u8_slice buf)
{
	hf_try_errno(cqes_write_bytes(cqes, 1, hf_const(buf)));
	return cqes_read_bytes(cqes, 2, buf);
}
