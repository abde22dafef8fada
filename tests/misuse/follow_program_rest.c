// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a length less its header, which wraps if it is shorter, in a program whose main() gives a long one
// rule: arithmetic-overflow
// compilers: none
// checker: 'bytes - TRAILER' wraps, as the number from outside may be 0
#include <holdfast/num.h>
#include <holdfast/vec.h>

#define TRAILER 8u
#define MOST 512u

struct frame {
	struct hf_be32 bytes;
};

static int frame_store(struct u8_vec *to, const struct frame *f)
{
#ifdef MISUSE
	const u32 bytes = hf_try(hf_at_most(hf_from_be(f->bytes), MOST));
	const u32 body = bytes - TRAILER; /* E */
#else
	const u32 bytes = hf_try(hf_in_range(hf_from_be(f->bytes), TRAILER, MOST));
	const u32 body = bytes - TRAILER;
#endif

	return hf_vec_resize(to, body, GFP_KERNEL);
}

int main(void)
{
	const struct frame f = { .bytes = hf_be32(20) };
	struct u8_vec v = { 0 };
	const int err = frame_store(&v, &f);

	u8_vec_drop(&v);
	return err != 0;
}
