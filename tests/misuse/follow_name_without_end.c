// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a name in a packet, compared and printed by helpers as if it ended in a zero
// rule: length-unknown
// compilers: none
// checker: was filled by others, and need not end in a zero, which 'strcmp' looks for
#include <holdfast/holdfast.h>

struct hello {
	struct hf_be32 version;
	char name[16];
};

HF_WIRE_TYPE(hello, struct hello, HF_WIRE(version) HF_WIRE(name));

struct peer {
	const char *expected;
	u32 version;
};

static bool is_peer(const struct peer *p, const struct hello *h)
{
#ifdef MISUSE
	return !strcmp(h->name, p->expected); /* E */
#else
	return !strncmp(h->name, p->expected, sizeof(h->name));
#endif
}

int peer_hello(struct peer *p, struct u8_cslice packet);
int peer_hello(struct peer *p, struct u8_cslice packet)
{
	const struct hello *const h = hf_try(hf_view(hello, packet, 4));

	if (!is_peer(p, h))
		return -EPERM;
	p->version = hf_accept_any(hf_from_be(h->version));
	return 0;
}
