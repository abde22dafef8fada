// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Sums, rests, steps, polls and copies of numbers from outside, close to those that are refused, and right. */
#include <holdfast/holdfast.h>

enum { SLOTS = 32, BYTES = 64 };

HF_MMIO_DEFINE(near_regs, 0x20);
HF_REG_RW(near_regs, control, 0x00, u32);
HF_REG_RO(near_regs, status, 0x04, u32);
HF_REG_RO(near_regs, data, 0x08, u32);

struct near_reply {
	struct hf_le32 speed;
	u8 address[6];
	u8 up, zero;
};

HF_WIRE_TYPE(near_reply, struct near_reply, HF_WIRE(speed) HF_WIRE(address) HF_WIRE(up) HF_WIRE(zero));

struct near_entry {
	struct hf_le32 value, flags;
};

HF_DMA_DEFINE(near_ring, struct near_entry);

struct near {
	struct near_regs regs;
	struct near_ring ring;
	u32 phase, errors;
	u32 size, slot[SLOTS], largest;
	u8 byte[BYTES], address[6];
	bool up;
};

void udelay(unsigned int us);
bool near_is_gone(const struct near *n);
void near_take(struct u8_cslice bytes);

/* --- sums --- */

int near_sums(struct near *n, struct hf_untrusted_u32 a, struct hf_untrusted_u32 b);
int near_sums(struct near *n, struct hf_untrusted_u32 a, struct hf_untrusted_u32 b)
{
	const u32 at = hf_accept_any(a), bytes = hf_accept_any(b);

	if ((u64)at + bytes > n->size)
		return -ERANGE;
	return (int)(at ^ bytes);
}

int near_sum_that_wrapped(struct near *n, struct hf_untrusted_u32 a, struct hf_untrusted_u32 b);
int near_sum_that_wrapped(struct near *n, struct hf_untrusted_u32 a, struct hf_untrusted_u32 b)
{
	const u32 at = hf_accept_any(a), bytes = hf_accept_any(b);

	if (at + bytes > n->size || at + bytes < at)
		return -ERANGE;
	return (int)(at ^ bytes);
}

int near_sum_of_rest(struct near *n, struct hf_untrusted_u32 a, struct hf_untrusted_u32 b);
int near_sum_of_rest(struct near *n, struct hf_untrusted_u32 a, struct hf_untrusted_u32 b)
{
	const u32 at = hf_accept_any(a), bytes = hf_accept_any(b);

	if (hf_try(hf_add_u32(at, bytes)) > BYTES)
		return -ERANGE;
	/* SAFETY: the sum of both was compared with the size. */
	near_take(hf_slice_unchecked(u8_cslice, n->byte + at, bytes));
	return 0;
}

int near_header(struct near *n, struct hf_untrusted_u16 said, const u8 *from);
int near_header(struct near *n, struct hf_untrusted_u16 said, const u8 *from)
{
	const u32 bytes = hf_try(hf_at_most(said, BYTES + 8));

	memcpy(n->byte, from, hf_try(hf_sub_u32(bytes, 8)));
	return 0;
}

u32 near_total(const struct near *n, struct hf_untrusted_u16 each);
u32 near_total(const struct near *n, struct hf_untrusted_u16 each)
{
	u16 few = 0, checked = 0;

	for (u32 i = 0; i < 8; i++)
		few += hf_try_or(hf_at_most(each, 1024), 0);
	for (u32 i = 0; i < n->size; i++) {
		const u16 bytes = hf_try_or(hf_at_most(each, 1024), 0);

		if (checked > 8192)
			break;
		checked += bytes;
	}
	return n->slot[few % SLOTS] + n->slot[checked % SLOTS];
}

u32 near_rest(const struct near *n, struct hf_untrusted_u32 said, u32 want);
u32 near_rest(const struct near *n, struct hf_untrusted_u32 said, u32 want)
{
	const u32 used = hf_try_or(hf_at_most(said, BYTES), 0);
	const u32 any = hf_accept_any(said), left = BYTES - used;

	/* Only the lower bits of what wraps are looked at. */
	if (((BYTES - any) & (BYTES - 1)) < want || any > n->size)
		return 0;
	return left < want ? left : want;
}

/* --- steps --- */

int near_records(struct near *n, struct u8_cslice bytes);
int near_records(struct near *n, struct u8_cslice bytes)
{
	struct u8_cslice rest = bytes;
	size_t at = 0;

	while (hf_len(rest) >= 2) {
		const u8 length = hf_at(rest, 1);

		if (length < 2)
			return -EPROTO;
		n->largest = length > n->largest ? length : n->largest;
		rest = hf_try(hf_split_at(rest, length)).tail;
	}
	/* What is behind the header is counted. */
	while (at + 2 <= hf_len(bytes))
		at += hf_at(bytes, at + 1) + 2u;
	return 0;
}

int near_slots(struct near *n, struct hf_reader *r);
int near_slots(struct near *n, struct hf_reader *r)
{
	const u32 slots = hf_try(hf_at_most(hf_try(hf_read_le32(r)), SLOTS));
	const u32 more = hf_accept_any(hf_try(hf_read_le32(r)));
	u32 *p = n->slot;

	for (u32 i = 0; i < slots; i++, p++)
		*p = hf_accept_any(hf_try(hf_read_le32(r)));
	p = n->slot;
	for (u32 i = 0; i < more && p < n->slot + SLOTS; i++, p++)
		*p = hf_accept_any(hf_try(hf_read_le32(r)));
	return 0;
}

/* --- polls --- */

int near_poll(const struct near *n);
int near_poll(const struct near *n)
{
	u32 polls = 0, sum = 0;

	while (hf_mask(near_regs_read_status(&n->regs), 1))
		if (polls++ == 100)
			return -ETIMEDOUT;
	for (;;) {
		if (!hf_mask(near_regs_read_status(&n->regs), 2))
			break;
		if (near_is_gone(n))
			return -ENODEV;
		udelay(10);
	}
	for (u32 i = 0; i < 100; i++)
		if (!hf_mask(near_regs_read_status(&n->regs), 4))
			break;
	/* Each turn takes a word out of the device. */
	while (hf_mask(near_regs_read_status(&n->regs), 8))
		sum += hf_mask(near_regs_read_data(&n->regs), 0xff);
	return (int)sum;
}

/* --- copies --- */

int near_name(struct near *n, struct u8_cslice packet);
int near_name(struct near *n, struct u8_cslice packet)
{
	struct hf_reader r = hf_reader(packet);
	const u16 bytes = hf_accept_any(hf_try(hf_read_le16(&r)));
	const struct u8_cslice name = hf_try(hf_read_bytes(&r, bytes));

	if (hf_len(name) > sizeof(n->byte))
		return -EMSGSIZE;
	/* SAFETY: as many bytes as it has. */
	memcpy(n->byte, hf_ptr_unchecked(name), hf_len(name));
	return 0;
}

int near_short_packet(struct near *n, struct u8_cslice packet);
int near_short_packet(struct near *n, struct u8_cslice packet)
{
	if (hf_len(packet) > BYTES)
		return -EMSGSIZE;
	struct hf_reader r = hf_reader(packet);
	const u16 bytes = hf_accept_any(hf_try(hf_read_le16(&r)));
	const struct u8_cslice name = hf_try(hf_read_bytes(&r, bytes));

	/* SAFETY: as many bytes as it has. */
	memcpy(n->byte, hf_ptr_unchecked(name), bytes);
	return 0;
}

int near_get(const struct near *n, struct hf_uaccess_writer *to, bool brief);
int near_get(const struct near *n, struct hf_uaccess_writer *to, bool brief)
{
	struct near_reply r, other = { .up = n->up };

	if (brief)
		return hf_uaccess_write(to, hf_bytes_of(near_reply, other));
	r.speed = hf_le32(n->size);
	memcpy(r.address, n->address, sizeof(r.address));
	r.up = n->up;
	r.zero = 0;
	hf_try_errno(hf_uaccess_write(to, hf_bytes_of(near_reply, r)));
	memset(&r, 0, sizeof(r));
	r.up = n->up;
	return hf_uaccess_write(to, hf_bytes_of(near_reply, r));
}

int near_word(struct near *n, const struct hf_pages *p);
int near_word(struct near *n, const struct hf_pages *p)
{
	u32 tail = hf_try(hf_below(hf_try(hf_pages_load_u32(p, 0)), SLOTS));

	n->slot[tail]++;
	tail = hf_try(hf_below(hf_try(hf_pages_load_u32(p, 0)), SLOTS));
	n->slot[tail]++;
	return hf_equals(hf_try(hf_pages_load_u32(p, 0)), tail) ? 0 : -EAGAIN;
}

int near_request(struct near *n, const void __user *from);
int near_request(struct near *n, const void __user *from)
{
	struct hf_uaccess_reader first = hf_uaccess_reader(from, sizeof(struct near_reply)), all;
	const struct near_reply head = hf_try(hf_uaccess_read_as(near_reply, &first));
	const u32 bytes = hf_try(hf_in_range(hf_from_le(head.speed), sizeof(head), BYTES));

	all = hf_uaccess_reader(from, bytes);
	hf_try_errno(hf_uaccess_read(&all, hf_try(hf_array_subslice(u8_slice, n->byte, 0, bytes))));
	/* The process may have changed the header meanwhile. */
	memcpy(n->byte, &head, sizeof(head));
	n->size = hf_accept_any(hf_from_le(hf_try(hf_view(near_reply, hf_slice(u8_cslice, n->byte), 0))->speed));
	return 0;
}

/* The first copy tells that there is an entry, and a second one has it. */
int near_entry(struct near *n);
int near_entry(struct near *n)
{
	struct near_entry e = near_ring_read(&n->ring, 0);

	if (hf_mask(hf_from_le(e.flags), 1) != n->phase)
		return -EAGAIN;
	n->phase ^= 1;
	e = near_ring_read(&n->ring, 0);
	/* This bit tells nothing of the others. */
	n->errors += hf_mask(hf_from_le(e.flags), 2) == n->errors;
	n->size = hf_accept_any(hf_from_le(e.value));
	return 0;
}
