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

int lend(struct hf_device *dev, struct u8_slice buf);
int lend(struct hf_device *dev, struct u8_slice buf)
{
	struct hf_dma_from_device in = { 0 };
	struct hf_dma_to_device out = { 0 };

	hf_try_errno(hf_dma_map_from_device(&in, dev, buf));
	if (!hf_dma_addr(&in))
		return -EIO;
	buf = hf_dma_unmap_from_device(&in);
	hf_try_errno(hf_dma_map_to_device(&out, dev, hf_const(buf)));
	hf_dma_unmap_to_device(&out);
	return 0;
}

/* Bytes of shared memory. */
int bytes(const struct cqes *cqes, struct u8_slice buf);
int bytes(const struct cqes *cqes, struct u8_slice buf)
{
	hf_try_errno(cqes_write_bytes(cqes, 1, hf_const(buf)));
	return cqes_read_bytes(cqes, 2, buf);
}
