// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What comes from outside, checked in the ways that drivers check it. */
#include <holdfast/holdfast.h>
#include <stdio.h>

enum { N_SLOTS = 64, ROUND = 16 };

struct cqe {
	struct hf_le32 result;
	struct hf_le16 cid, status;
	char name[8];
};

HF_DMA_DEFINE(done_ring, struct cqe);
HF_WIRE_TYPE(cqe, struct cqe, HF_WIRE(result) HF_WIRE(cid) HF_WIRE(status) HF_WIRE(name));

struct q {
	struct done_ring done;
	u32 head, depth, slot[N_SLOTS], seen[256], marked;
	u16 last, any, tail;
	u8 text[32];
	char name[9];
};

bool cid_is_known(const struct q *q, u16 cid);
int q_wait(struct q *q);

/* A comparison with a constant, with a member, and the word of another file. */
u32 by_comparison(struct q *q, struct hf_untrusted_u16 x);
u32 by_comparison(struct q *q, struct hf_untrusted_u16 x)
{
	const u16 cid = hf_accept_any(x);

	if (cid < N_SLOTS)
		return q->slot[cid];
	if ((u32)cid - 1 < q->depth)
		return q->slot[cid - 1];
	if (cid_is_known(q, cid))
		return q->slot[cid];
	return q->slot[cid % N_SLOTS] + q->slot[cid & (N_SLOTS - 1)] + q->slot[cid >> 10] + q->seen[(u8)cid];
}

u32 by_type(struct q *q, struct hf_untrusted_u8 x);
u32 by_type(struct q *q, struct hf_untrusted_u8 x)
{
	const u8 i = hf_accept_any(x);

	return q->seen[i] + q->slot[hf_mask(x, N_SLOTS - 1)] + q->slot[hf_ok_or(hf_below(x, N_SLOTS), 0)];
}

int by_length(struct q *q, struct hf_reader *r);
int by_length(struct q *q, struct hf_reader *r)
{
	u8 n = hf_accept_any(hf_try(hf_read_u8(r)));
	u32 all = hf_accept_any(hf_try(hf_read_be32(r)));

	if (n > sizeof(q->text))
		n = sizeof(q->text);
	/* SAFETY: hf_read_bytes() gave so many. */
	memcpy(q->text, hf_ptr_unchecked(hf_try(hf_read_bytes(r, n))), n);
	for (u32 i = 0; i < all; i++) {
		if (i >= N_SLOTS)
			return -E2BIG;
		q->slot[i] = i;
	}
	for (u32 i = 0; i < all && i < N_SLOTS; i++)
		q->slot[i]++;
	memset(q->text, 0, all < sizeof(q->text) ? all : sizeof(q->text));
	return 0;
}

/* A number of messages may wrap, and so may what is reduced at once. */
u32 by_arithmetic(struct q *q, struct hf_untrusted_u32 seq, struct hf_untrusted_u16 len, u32 *rest);
u32 by_arithmetic(struct q *q, struct hf_untrusted_u32 seq, struct hf_untrusted_u16 len, u32 *rest)
{
	const u32 at = hf_ok_or(hf_below(seq, N_SLOTS), 0);
	u16 n = ROUND;

	q->marked += hf_accept_any(seq) + 1 - q->head;
	if (hf_store_ok(n, hf_in_range(len, ROUND, 1500)))
		return 0;
	*rest = (u32)n - ROUND;
	if (at - 3 < 8)
		*rest += 1;
	return q->slot[(at - 1) % N_SLOTS] + q->slot[(at + N_SLOTS - 1) & (N_SLOTS - 1)] + n * 32U;
}

/* Stored as it came, and compared where it is used. */
void store(struct q *q, const struct cqe *e);
void store(struct q *q, const struct cqe *e)
{
	q->last = hf_accept_any(hf_from_le(e->cid));
	q->any = hf_accept_any(hf_from_le(e->status));
}

u32 last(const struct q *q);
u32 last(const struct q *q)
{
	if (q->last >= N_SLOTS || q->any == 7)
		return 0;
	return q->slot[q->last];
}

/* One place that polls; a gate and then the entry; a second check of the second copy; another element. */
int poll_and_read(struct q *q);
int poll_and_read(struct q *q)
{
	struct cqe e;
	u16 cid;

	while (hf_equals(hf_from_le(done_ring_read(&q->done, q->head).status), 0))
		hf_try_errno(q_wait(q));
	e = done_ring_read(&q->done, q->head);
	cid = hf_try(hf_below(hf_from_le(e.cid), N_SLOTS));
	q->slot[cid] = hf_accept_any(hf_from_le(e.result)) + hf_accept_any(hf_from_le(e.status));
	q->head = (q->head + 1) % N_SLOTS;
	e = done_ring_read(&q->done, q->head);
	q->marked = hf_accept_any(hf_from_le(e.cid));
	return 0;
}

/* Names with an end. */
int names(struct q *q, struct hf_uaccess_reader *r, char *line, size_t size);
int names(struct q *q, struct hf_uaccess_reader *r, char *line, size_t size)
{
	struct cqe e = hf_try(hf_uaccess_read_as(cqe, r));
	const struct cqe d = done_ring_read(&q->done, 0);

	memcpy(q->name, e.name, sizeof(e.name));
	q->name[sizeof(e.name)] = '\0';
	if (strnlen(d.name, sizeof(d.name)) == sizeof(d.name))
		return -EPROTO;
	e.name[hf_ok_or(hf_below(hf_from_le(e.cid), sizeof(e.name)), 0)] = '\0';
	return snprintf(line, size, "%s %s %.*s %s", q->name, d.name, (int)sizeof(d.name), d.name, e.name) +
	       (int)strlen(d.name);
}

/* A number that the driver wrote itself; one that was checked before. */
u32 own_number(struct q *q, u16 cid, struct hf_untrusted_u16 theirs);
u32 own_number(struct q *q, u16 cid, struct hf_untrusted_u16 theirs)
{
	const u16 n = hf_accept_any(hf_untrusted_u16(cid));
	u32 sum = q->slot[n];

	if (hf_is_ok(hf_below(theirs, N_SLOTS)))
		sum += q->slot[hf_expect(hf_below(theirs, N_SLOTS), "it was checked")];
	return sum;
}

struct report {
	u8 kind;
	u32 value;
};

/* Structures with padding that was cleared. */
int reports(struct hf_uaccess_writer *to, u8 kind);
int reports(struct hf_uaccess_writer *to, u8 kind)
{
	struct report a = { 0 }, b;
	const void *bytes = &a;

	a.kind = kind;
	/* SAFETY: it has that many bytes. */
	hf_try_errno(hf_uaccess_write(to, hf_slice_unchecked(u8_cslice, bytes, sizeof(a))));
	memset(&b, 0, sizeof(b));
	b.kind = kind;
	b.value = 1;
	bytes = &b;
	/* SAFETY: as above. */
	return hf_uaccess_write(to, hf_slice_unchecked(u8_cslice, bytes, sizeof(b)));
}
