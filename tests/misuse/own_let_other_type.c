// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner bound as one of another type
// rule: owner-of-other-type
// expect-gcc: invalid initializer|incompatible types when initializing
// expect-clang: initializing 'struct packet_own' with an expression of incompatible type 'struct request_own'
#include <holdfast/own.h>

struct packet;
struct request;

void packet_free(struct packet *p);
void request_free(struct request *r);
HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_OWN_DEFINE(request, struct request, request_free);
struct request_own request(void);

void f(void);
void f(void)
{
#ifdef MISUSE
	hf_let(packet, x, request()); /* E */
#else
	hf_let(request, x, request());
#endif
}
