// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner dropped by the function of another type
// rule: owner-of-other-type
// expect-gcc: invalid initializer|incompatible types when initializing
// expect-clang: initializing 'struct packet_own' with an expression of incompatible type
#include <holdfast/own.h>

struct packet;
struct request;

void packet_free(struct packet *p);
void request_free(struct request *r);
HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_OWN_DEFINE(request, struct request, request_free);

void f(struct request_own arg);
void f(struct request_own arg)
{
	hf_let(request, req, arg);

#ifdef MISUSE
	hf_drop(packet, req); /* E */
#else
	hf_drop(request, req);
#endif
}
