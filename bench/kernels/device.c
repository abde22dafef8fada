// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Registers and shared memory.  The arena stands in for the device, at the same cost. */
#include "../bench.h"

#define DOORBELL	0x100u

/* --- a register that was claimed in advance ----------------------------------------------------- */

BENCH_CALL static u32 raw_mmio_write_ring(const struct hf_io *io, const struct bench_in *in)
{
	u32 sum = 0;

	for (size_t i = 0; i < in->n; i++) {
		hf_sys_io_write_u32(io, DOORBELL, in->words[i]);
		sum += in->words[i];
	}
	return sum;
}

s64 raw_mmio_write(const struct bench_in *in)
{
	return raw_mmio_write_ring(&in->window, in);
}

BENCH_CALL static u32 hf_mmio_write_ring(const struct hf_reg32 *r, const struct bench_in *in)
{
	u32 sum = 0;

	for (size_t i = 0; i < in->n; i++) {
		hf_reg32_write(r, in->words[i]);
		sum += in->words[i];
	}
	return sum;
}

s64 hf_mmio_write(const struct bench_in *in)
{
	const struct hf_reg32 r = hf_try(hf_io_reg32(&in->window, DOORBELL));

	return hf_mmio_write_ring(&r, in);
}

/* --- a register offset that is computed from a device's value ------------------------------------ */

BENCH_CALL static s64 raw_mmio_write_computed_ring(const struct hf_io *io, const struct bench_in *in)
{
	u32 sum = 0;

	for (size_t i = 0; i < in->n; i++) {
		const size_t offset = (size_t)in->at[i] * 4;

		if (offset > io->len_ || io->len_ - offset < sizeof(u32))
			return -ERANGE;
		if (offset % sizeof(u32))
			return -EINVAL;
		hf_sys_io_write_u32(io, offset, in->words[i]);
		sum += in->words[i];
	}
	return sum;
}

s64 raw_mmio_write_computed(const struct bench_in *in)
{
	return raw_mmio_write_computed_ring(&in->window, in);
}

BENCH_CALL static s64 hf_mmio_write_computed_ring(const struct hf_io *io, const struct bench_in *in)
{
	u32 sum = 0;

	for (size_t i = 0; i < in->n; i++) {
		hf_try_errno(hf_io_write32(io, (size_t)in->at[i] * 4, in->words[i]));
		sum += in->words[i];
	}
	return sum;
}

s64 hf_mmio_write_computed(const struct bench_in *in)
{
	return hf_mmio_write_computed_ring(&in->window, in);
}

/* --- a completion ring: the word with the phase bit is read first, and every word once ------------ */

struct cqe {
	struct hf_le32 result, reserved;
	struct hf_le16 head, queue, id, status;
};

HF_DMA_DEFINE(cqes, struct cqe);

#define PHASE		(1u << 16)
#define GATE		12u

/* The first call writes the entries, in place of a device. */
static void fill_ring(const struct bench_in *in, size_t n)
{
	u32 *const ring = in->arena;

	if (!n || ring[3])
		return;
	for (size_t i = 0; i < n; i++) {
		ring[i * 4] = in->words[i];
		ring[i * 4 + 1] = 0;
		ring[i * 4 + 2] = in->more[i];
		ring[i * 4 + 3] = in->words[i] | PHASE;
	}
}

/*
 * The ring's address is in memory, as in struct nvme_queue.  So it is read again for each entry: the
 * compiler may not keep it over the load with acquire ordering.
 */
struct raw_cqes {
	const u32 *words;
};

BENCH_CALL static u32 raw_dma_read_if_ring(const struct raw_cqes *ring, size_t n)
{
	u32 mixed = 0;

	for (size_t i = 0; i < n; i++) {
		const u32 *const e = ring->words + i * 4;
		const u32 gate = hf_sys_dma_load_gate(&e[3]);
		u32 queue;

		if (!(gate & PHASE))
			break;
		queue = hf_sys_dma_load(&e[2]);
		mixed = mixed * 31 + hf_sys_dma_load(&e[0]);
		mixed = mixed * 31 + (queue & 0xffff);
		mixed = mixed * 31 + (queue >> 16);
		mixed = mixed * 31 + (gate & 0xffff);
		mixed = mixed * 31 + (gate >> 16);
		(void)hf_sys_dma_load(&e[1]);
	}
	return mixed;
}

s64 raw_dma_read_if(const struct bench_in *in)
{
	const size_t n = in->n < BENCH_ENTRIES ? in->n : BENCH_ENTRIES;
	const struct raw_cqes ring = { .words = in->arena };

	fill_ring(in, n);
	return raw_dma_read_if_ring(&ring, n);
}

BENCH_CALL static u32 hf_dma_read_if_ring(const struct cqes *ring, size_t n)
{
	u32 mixed = 0;

	for (size_t i = 0; i < n; i++) {
		const struct cqes_elem_result r = cqes_read_if(ring, i, GATE, PHASE, PHASE);
		struct cqe e;

		if (!hf_is_ok(r))
			break;
		e = hf_expect(r, "just tested");
		mixed = mixed * 31 + hf_accept_any(hf_from_le(e.result));
		mixed = mixed * 31 + hf_accept_any(hf_from_le(e.head));
		mixed = mixed * 31 + hf_accept_any(hf_from_le(e.queue));
		mixed = mixed * 31 + hf_accept_any(hf_from_le(e.id));
		mixed = mixed * 31 + hf_accept_any(hf_from_le(e.status));
	}
	return mixed;
}

s64 hf_dma_read_if(const struct bench_in *in)
{
	const size_t n = in->n < BENCH_ENTRIES ? in->n : BENCH_ENTRIES;
	/* SAFETY: the arena holds this many entries, and no device needs to see them. */
	const struct cqes ring = { .cpu_ = in->arena, .len_ = BENCH_ENTRIES };

	fill_ring(in, n);
	return hf_dma_read_if_ring(&ring, n);
}

/* --- a submission ring: copies prepared commands, each word once ----------------------------------- */

struct sqe {
	u8 opcode, flags;
	struct hf_le16 id;
	struct hf_le32 nsid;
	struct hf_le64 reserved, metadata, prp1, prp2;
	struct hf_le32 dw[6];
};

HF_DMA_DEFINE(sqes, struct sqe);

/* The first call prepares the commands, as a driver does with its requests. */
static struct sqe *prepared(const struct bench_in *in, size_t n)
{
	struct sqe *const e = (struct sqe *)in->arena + BENCH_ENTRIES;

	for (size_t i = e->opcode ? n : 0; i < n; i++)
		e[i] = (struct sqe){
			.opcode = 2,
			.id = hf_le16(in->at[i]),
			.nsid = hf_le32(1),
			.prp1 = hf_le64((u64)in->more[i] << 12),
			.dw = { hf_le32(in->words[i]), hf_le32(0), hf_le32(in->at[i]) },
		};
	return e;
}

static s64 sum_of_ring(const u64 *ring, size_t n)
{
	u64 mixed = 0;

	for (size_t i = 0; i < n * sizeof(struct sqe) / sizeof(*ring); i++)
		mixed = mixed * 31 + ring[i];
	return (s64)(mixed >> 1);
}

/* The ring's address is in memory, as in struct nvme_queue. */
struct raw_sqes {
	struct sqe *entries;
};

BENCH_CALL static void raw_dma_write_ring(const struct raw_sqes *ring, const struct sqe *commands,
					  size_t n)
{
	for (size_t i = 0; i < n; i++)
		memcpy(&ring->entries[i], &commands[i], sizeof(*commands));
}

s64 raw_dma_write(const struct bench_in *in)
{
	const size_t n = in->n < BENCH_ENTRIES ? in->n : BENCH_ENTRIES;

	const struct raw_sqes ring = { .entries = in->arena };

	raw_dma_write_ring(&ring, prepared(in, n), n);
	return sum_of_ring(in->arena, n < 2 ? n : 2);
}

BENCH_CALL static void hf_dma_write_ring(const struct sqes *ring, const struct sqe *commands, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sqes_write_from(ring, i, &commands[i]);
}

s64 hf_dma_write(const struct bench_in *in)
{
	const size_t n = in->n < BENCH_ENTRIES ? in->n : BENCH_ENTRIES;
	/* SAFETY: as above. */
	const struct sqes ring = { .cpu_ = in->arena, .len_ = BENCH_ENTRIES };

	hf_dma_write_ring(&ring, prepared(in, n), n);
	return sum_of_ring(in->arena, n < 2 ? n : 2);
}
