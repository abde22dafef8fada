// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner of one type given where one of another is taken
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument 1 of 'transmit'
// expect-clang: passing '(typeof \(req\)|__typeof__\(req\)|struct request_own)'.* to parameter of incompatible type
#include <holdfast/own.h>

struct packet;
struct request;

void packet_free(struct packet *p);
void request_free(struct request *r);
HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_OWN_DEFINE(request, struct request, request_free);
void transmit(struct packet_own p);
void submit(struct request_own r);

void f(struct request_own arg);
void f(struct request_own arg)
{
	hf_let(request, req, arg);

#ifdef MISUSE
	transmit(hf_move(req)); /* E */
#else
	submit(hf_move(req));
#endif
}
