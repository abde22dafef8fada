// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Cursors.  The parsed data is untrusted, so the raw side checks it as well. */
#include "../bench.h"

HF_INLINE u16 le16_at(const u8 *p)
{
	__le16 v;

	memcpy(&v, p, sizeof(v));
	return le16_to_cpu(v);
}

HF_INLINE u32 le32_at(const u8 *p)
{
	__le32 v;

	memcpy(&v, p, sizeof(v));
	return le32_to_cpu(v);
}

HF_INLINE u16 be16_at(const u8 *p)
{
	__be16 v;

	memcpy(&v, p, sizeof(v));
	return be16_to_cpu(v);
}

HF_INLINE u32 be32_at(const u8 *p)
{
	__be32 v;

	memcpy(&v, p, sizeof(v));
	return be32_to_cpu(v);
}

/* --- type, length, body ------------------------------------------------------------------------- */

s64 raw_cursor_tlv(const struct bench_in *in)
{
	const u8 *p = in->tlvs;
	const u8 *const end = p + in->tlvs_len;
	u32 mixed = 0;

	while (p != end) {
		u8 type, n;

		if (end - p < 2)
			return -ENODATA;
		type = p[0];
		n = p[1];
		p += 2;
		if (end - p < n || n < 2)
			return -ENODATA;
		mixed = mixed * 31 + type + le16_at(p);
		p += n;
	}
	return mixed;
}

s64 hf_cursor_tlv(const struct bench_in *in)
{
	/* SAFETY: bench_in gives the length. */
	struct hf_reader r = hf_reader(hf_slice_unchecked(u8_cslice, in->tlvs, in->tlvs_len));
	u32 mixed = 0;

	while (hf_remaining(&r)) {
		const u8 type = hf_accept_any(hf_try(hf_read_u8(&r)));
		struct hf_reader body = hf_try(hf_subreader(&r, hf_try(hf_read_u8(&r))));

		mixed = mixed * 31 + type + hf_accept_any(hf_try(hf_read_le16(&body)));
	}
	return mixed;
}

/* --- completion queue entries (NVMe 1.4, 4.6) --------------------------------------------------- */

#define ENTRY 16

s64 raw_cursor_nvme(const struct bench_in *in)
{
	const u8 *p = in->entries;
	const u8 *const end = p + in->entries_len;
	u32 mixed = 0;

	while (p != end) {
		if (end - p < ENTRY)
			return -ENODATA;
		mixed = mixed * 31 + le32_at(p);
		mixed = mixed * 31 + le16_at(p + 8);
		mixed = mixed * 31 + le16_at(p + 10);
		mixed = mixed * 31 + le16_at(p + 12);
		mixed = mixed * 31 + le16_at(p + 14);
		p += ENTRY;
	}
	return mixed;
}

s64 hf_cursor_nvme(const struct bench_in *in)
{
	/* SAFETY: bench_in gives the length. */
	struct hf_reader r = hf_reader(hf_slice_unchecked(u8_cslice, in->entries, in->entries_len));
	u32 mixed = 0;

	while (hf_remaining(&r)) {
		struct hf_reader e = hf_reader(hf_try(hf_read_bytes(&r, ENTRY)));

		mixed = mixed * 31 + hf_accept_any(hf_try(hf_read_le32(&e)));
		hf_try_errno(hf_skip(&e, 4));
		mixed = mixed * 31 + hf_accept_any(hf_try(hf_read_le16(&e)));
		mixed = mixed * 31 + hf_accept_any(hf_try(hf_read_le16(&e)));
		mixed = mixed * 31 + hf_accept_any(hf_try(hf_read_le16(&e)));
		mixed = mixed * 31 + hf_accept_any(hf_try(hf_read_le16(&e)));
	}
	return mixed;
}

/* --- IPv4 and TCP headers (RFC 791, RFC 9293) of consecutive packets --------------------------- */

#define IP_HEADER	20u
#define TCP_HEADER	20u
#define PROTO_TCP	6

s64 raw_cursor_ipv4_tcp(const struct bench_in *in)
{
	const u8 *p = in->packets;
	const u8 *const end = p + in->packets_len;
	u32 mixed = 0;

	while (p != end) {
		const u8 *tcp;
		u32 header, total, offset;

		if (end - p < (long)IP_HEADER)
			return -ENODATA;
		header = (p[0] & 0xfu) * 4;
		total = be16_at(p + 2);
		if (p[0] >> 4 != 4 || header < IP_HEADER || p[9] != PROTO_TCP)
			return -EPROTO;
		if (total < header + TCP_HEADER || total > end - p)
			return -ENODATA;
		tcp = p + header;
		offset = tcp[12] >> 4;
		if (offset * 4 < TCP_HEADER || offset * 4 > total - header)
			return -EPROTO;
		mixed = mixed * 31 + be32_at(p + 12);
		mixed = mixed * 31 + be32_at(p + 16);
		mixed = mixed * 31 + be16_at(tcp);
		mixed = mixed * 31 + be16_at(tcp + 2);
		mixed = mixed * 31 + be32_at(tcp + 4);
		mixed = mixed * 31 + tcp[13];
		p += total;
	}
	return mixed;
}

struct ip {
	u32 source, target;
	u16 header, total;
};

/* Parses the fixed part of an IPv4 header; @bytes has its length at least. */
static inline int hf_cursor_ipv4_tcp_ip(struct u8_cslice bytes, struct ip *ip)
{
	struct hf_reader r = hf_reader(bytes);
	const struct hf_untrusted_u8 first = hf_try(hf_read_u8(&r));

	hf_try_errno(hf_skip(&r, 1));
	ip->header = (u16)(hf_mask(first, 0xf) * 4);
	ip->total = hf_accept_any(hf_try(hf_read_be16(&r)));
	hf_try_errno(hf_skip(&r, 5));
	if (!hf_equals(hf_bits(first, 4, 4), 4) || ip->header < IP_HEADER ||
	    !hf_equals(hf_try(hf_read_u8(&r)), PROTO_TCP))
		return -EPROTO;
	hf_try_errno(hf_skip(&r, 2));
	ip->source = hf_accept_any(hf_try(hf_read_be32(&r)));
	ip->target = hf_accept_any(hf_try(hf_read_be32(&r)));
	return 0;
}

s64 hf_cursor_ipv4_tcp(const struct bench_in *in)
{
	/* SAFETY: bench_in gives the length. */
	struct hf_reader r = hf_reader(hf_slice_unchecked(u8_cslice, in->packets, in->packets_len));
	u32 mixed = 0;

	while (hf_remaining(&r)) {
		struct hf_reader head = r, segment, tcp;	/* head peeks at the length */
		struct ip ip;
		size_t len;
		u32 offset;

		hf_try_errno(hf_cursor_ipv4_tcp_ip(hf_try(hf_read_bytes(&head, IP_HEADER)), &ip));
		segment = hf_reader(hf_try(hf_read_bytes(&r, ip.total)));
		hf_try_errno(hf_skip(&segment, ip.header));
		len = hf_remaining(&segment);
		tcp = hf_reader(hf_try(hf_read_bytes(&segment, TCP_HEADER)));
		mixed = mixed * 31 + ip.source;
		mixed = mixed * 31 + ip.target;
		mixed = mixed * 31 + hf_accept_any(hf_try(hf_read_be16(&tcp)));
		mixed = mixed * 31 + hf_accept_any(hf_try(hf_read_be16(&tcp)));
		mixed = mixed * 31 + hf_accept_any(hf_try(hf_read_be32(&tcp)));
		hf_try_errno(hf_skip(&tcp, 4));
		offset = hf_accept_any(hf_bits(hf_try(hf_read_u8(&tcp)), 4, 4)) * 4u;
		if (offset < TCP_HEADER || offset > len)
			return -EPROTO;
		mixed = mixed * 31 + hf_accept_any(hf_try(hf_read_u8(&tcp)));
	}
	return mixed;
}
