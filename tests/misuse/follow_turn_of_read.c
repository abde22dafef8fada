// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a result of one turn of a loop that the next turn overwrites
// rule: result-ignored
// compilers: none
// checker: the error that 'block_read' gave to 'sum' in one turn of this loop is overwritten by the next
#include <holdfast/num.h>
#include <holdfast/result.h>

struct disk;

struct u32_result block_read(const struct disk *d, u32 block);

struct u32_result disk_verify(const struct disk *d, u32 from, u32 n);
struct u32_result disk_verify(const struct disk *d, u32 from, u32 n)
{
	struct u32_result sum = hf_ok(u32, 0);

#ifdef MISUSE
	while (n--)
		sum = block_read(d, from++); /* E */
#else
	while (n-- && hf_is_ok(sum))
		sum = block_read(d, from++);
#endif
	return sum;
}
