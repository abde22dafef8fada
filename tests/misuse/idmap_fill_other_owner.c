// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object of another type moved into a map
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument 3 of 'handles_fill'
// expect-clang: passing .*'struct route_own'.* to parameter of incompatible type 'struct ref_own'
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

struct route {
	u32 key;
};

void route_free(struct route *r);
HF_OWN_DEFINE(route, struct route, route_free);
void forward(struct route_own r);

void f(struct handles *m, struct handles_token reserved, struct ref_own ref, struct route_own route);
void f(struct handles *m, struct handles_token reserved, struct ref_own ref, struct route_own route)
{
	hf_owe(handles, slot, reserved);
	hf_let(ref, r, ref);
	hf_let(route, other, route);

#ifdef MISUSE
	handles_fill(m, hf_pass(slot), hf_move(other)); /* E */
#else
	handles_fill(m, hf_pass(slot), hf_move(r));
	forward(hf_move(other));
#endif
}
