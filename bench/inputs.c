// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The inputs of the kernels: pseudo-random, the same for the same seed. */
#include "bench.h"

static u64 next(u64 *state)
{
	/* The high half of xorshift64. */
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 32;
}

static size_t fill_tlvs(u8 *to, u64 *state)
{
	size_t at = 0;

	for (unsigned int i = 0; i < BENCH_TLVS; i++) {
		u8 n = (u8)(2 + next(state) % 15);

		to[at++] = (u8)next(state);
		to[at++] = n;
		while (n--)
			to[at++] = (u8)next(state);
	}
	return at;
}

static size_t fill_packets(u8 *to, u64 *state)
{
	size_t at = 0;

	for (unsigned int i = 0; i < BENCH_PACKETS; i++) {
		const u8 ip_words = (u8)(5 + next(state) % 4), tcp_words = (u8)(5 + next(state) % 4);
		const u8 total = (u8)((ip_words + tcp_words) * 4);
		u8 *p = to + at;

		for (unsigned int j = 0; j < total; j++)
			p[j] = (u8)next(state);
		p[0] = 0x40 | ip_words;
		p[2] = 0;
		p[3] = total;
		p[9] = 6;
		p[ip_words * 4 + 12] = (u8)(tcp_words << 4);
		at += total;
	}
	return at;
}

void bench_inputs(struct bench_in *in, struct bench_memory *m, u64 seed)
{
	u64 state = seed | 1;

	memset(m, 0, sizeof(*m));
	for (unsigned int i = 0; i < BENCH_N; i++) {
		m->words[i] = (u32)next(&state) & 0xfffff;
		m->more[i] = (u32)next(&state) & 0xfffff;
		m->at[i] = (u16)(next(&state) % (BENCH_N - 4));
		m->index[i] = hf_le16((u16)(next(&state) % BENCH_N));
	}
	for (unsigned int i = 0; i < sizeof(m->entries); i++)
		m->entries[i] = (u8)next(&state);
	*in = (struct bench_in){
		.n = BENCH_N,
		.words = m->words, .more = m->more, .at = m->at, .index = m->index, .out = m->out,
		.tlvs = m->tlvs, .tlvs_len = fill_tlvs(m->tlvs, &state),
		.entries = m->entries, .entries_len = sizeof(m->entries),
		.packets = m->packets, .packets_len = fill_packets(m->packets, &state),
		.arena = m->arena,
	};
}

bool bench_spoil(struct bench_in *in, struct bench_memory *m, unsigned int nth)
{
	switch (nth) {
	case 0:		/* each input is cut off inside its last element */
		in->n = BENCH_N - 1;
		in->tlvs_len--;
		in->entries_len--;
		in->packets_len--;
		return true;
	case 1:		/* one element or byte */
		in->n = in->tlvs_len = in->entries_len = in->packets_len = 1;
		m->at[0] = 0;
		m->index[0] = hf_le16(0);
		return true;
	case 2:
		in->n = in->tlvs_len = in->entries_len = in->packets_len = 0;
		return true;
	case 3:		/* numbers that are too large */
		m->words[BENCH_N / 2] = ~0u;
		m->more[BENCH_N / 2] = ~0u;
		m->at[BENCH_N / 2] = BENCH_N;
		m->index[BENCH_N / 2] = hf_le16(0xffff);
		m->tlvs[1] = 0xff;
		m->packets[3] = 0xff;
		return true;
	case 4:
		m->tlvs[1] = 1;
		m->packets[0] = 0x44;
		return true;
	case 5:		/* the length of the TCP header, behind an IPv4 header of this length */
		m->packets[(m->packets[0] & 0xf) * 4 + 12] = 0xf0;
		return true;
	default:
		return false;
	}
}
