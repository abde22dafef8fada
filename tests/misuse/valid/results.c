// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Results of numbers, handles and slices, passed up, stored, and turned into others.
#include <holdfast/holdfast.h>

struct packet {
	int len, id;
	unsigned char data[64];
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own_result packet_new(int len);
struct packet_own receive(void);
void transmit(struct packet_own p);
int try_transmit(struct packet_own p);
int peek(const struct packet *p);
void poke(struct packet *p);

struct u32_result lookup(int id);
struct u8_slice_result room(struct u8_slice s, size_t n);

static int tried(int id)
{
	const u32 n = hf_try(lookup(id));

	return (int)n;
}

static struct u32_result in_a_result(int id)
{
	const u32 n = hf_try_in(u32, lookup(id));

	return hf_ok(u32, n + 1);
}

static struct packet_own_result of_an_owner(int len)
{
	hf_let(packet, p, hf_try_in(packet_own, packet_new(len)));

	hf_try_errno_in(packet_own, len < 0 ? -EINVAL : 0);
	poke(hf_mut(p));
	return hf_ok(packet_own, hf_move(p));
}

static bool told_what_to_return(int id)
{
	const u32 n = hf_try_or(lookup(id), false);

	hf_try_errno_or(n ? 0 : -EINVAL, false);
	return n > 1;
}

static const struct packet *told_a_pointer(const struct packet *p, int id)
{
	const u32 i = hf_try_or(lookup(id), NULL);

	hf_try_errno_or(id, NULL);
	return p + i;
}

static u8 told_a_number(int id)
{
	return (u8)hf_try_or(lookup(id), 200);
}

static long wider_than_int(int id)
{
	hf_try_errno(id);
	return hf_try(lookup(id));
}

static int stored(int id)
{
	u32 n = 0;
	const int err = hf_store_ok(n, lookup(id));

	if (err)
		return err;
	return (int)n;
}

static int with_a_default(int id)
{
	return (int)hf_ok_or(lookup(id), 3);
}

struct flags {
	unsigned int bit : 3;
};
HF_MUST_USE int spare(void);
struct pair {
	int a, b;
};

static int with_every_kind_of_default(int id, const struct flags *f)
{
	const int n = (int)hf_ok_or(lookup(id), (u32)spare());

	return n + (int)hf_ok_or(lookup(id), f->bit) + (int)hf_ok_or(lookup(id), 'c');
}

static bool told_by_a_call(int id)
{
	hf_try_errno_or(id, spare() > 0);
	return hf_try_or(lookup(id), spare());
}

static bool told_a_number_that_is_no_constant(int id, const struct flags *f)
{
	const u32 n = hf_try_or(lookup(id), f->bit & 4);

	hf_try_errno_or(spare(), -(int)n);
	return hf_try_or(lookup(id), 1);
}

static int told_an_errno(int id)
{
	hf_try_errno_or(spare(), -EIO);
	return (int)hf_try_or(lookup(id), -ENOENT);
}

enum verdict { BAD = -1, GOOD };

static enum verdict told_an_enumerator(int id)
{
	return hf_try_or(lookup(id), BAD) ? GOOD : BAD;
}

static u32 told_all_ones(int id)
{
	hf_try_errno_or(spare(), ~0U);
	return hf_try_or(lookup(id), (u32)-1);
}

static unsigned long told_an_errno_among_addresses(int id)
{
	return hf_try_or(lookup(id), (unsigned long)-ENOMEM);
}

static const int *told_no_pointer(const int *p, int id)
{
	const u32 i = hf_try_or(lookup(id), 0);

	return p + i;
}

static struct packet_own_result made_within(int len)
{
	return hf_ok(packet_own, hf_try_in(packet_own, packet_new(len)));
}

static struct pair told_a_structure(int id)
{
	const u32 n = hf_try_or(lookup(id), ((struct pair){ 1, 2 }));

	return (struct pair){ (int)n, 0 };
}

static const char *told_a_string(int id)
{
	const u32 n = hf_try_or(lookup(id), "?");

	return n ? "yes" : "no";
}

static int looked_at(int id)
{
	const struct u32_result r = lookup(id);

	if (!hf_is_ok(r))
		return hf_errno(r);
	return (int)hf_expect(r, "it was looked at");
}

static int of_a_slice(struct u8_slice s)
{
	struct u8_slice part = hf_try(room(s, 4));

	hf_fill(part, 0);
	return (int)hf_len(part);
}

static int in_an_expression(int id)
{
	return (int)(hf_try(lookup(id)) + hf_try(lookup(id + 1)));
}

static int kept_in_a_loop(int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++) {
		const struct u32_result r = lookup(i);

		if (hf_errno(r) == -ENOENT)
			continue;
		sum += (int)hf_try(r);
	}
	return sum;
}

static int checked(struct hf_le16 wire, struct u32_cslice table)
{
	const u16 i = hf_try(hf_below(hf_from_le(wire), hf_len(table)));
	const u16 shift = hf_try(hf_below(hf_from_le(wire), 8));

	return (int)hf_at(table, i) << shift;
}

int all(struct u8_slice s, struct hf_le16 wire, struct u32_cslice table, int n);
int all(struct u8_slice s, struct hf_le16 wire, struct u32_cslice table, int n)
{
	hf_let(packet, p, hf_try(of_an_owner(n)));

	transmit(hf_move(p));
	if (told_by_a_call(n) || told_a_structure(n).a || *told_a_string(n) == '?' || with_every_kind_of_default(n, &(struct flags){ 1 }))
		return 1;
	if (told_what_to_return(n) || told_a_pointer(NULL, n) || told_a_number(n) || wider_than_int(n))
		return 0;
	if (told_a_number_that_is_no_constant(n, &(struct flags){ 1 }) || told_all_ones(n) || told_an_errno_among_addresses(n))
		return told_an_errno(n) + (told_an_enumerator(n) == GOOD) + *told_no_pointer(NULL, n);
	transmit(hf_try(made_within(n)));
	return tried(n) + hf_errno(in_a_result(n)) + stored(n) + with_a_default(n) + looked_at(n) +
	       of_a_slice(s) + in_an_expression(n) + kept_in_a_loop(n) + checked(wire, table);
}
