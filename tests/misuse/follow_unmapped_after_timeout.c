// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a buffer that is unmapped and freed though the device did not answer
// rule: dma-direction
// compilers: none
// checker: the device may still use 'lent' when this wait fails, and then the buffer is unmapped and freed
#include <holdfast/holdfast.h>

enum { SECTOR = 512 };

struct card {
	struct hf_device dev;
	struct hf_completion done;
	u32 errors;
};

void card_start(u64 sector, dma_addr_t from, size_t bytes);
void card_reset(void);

int card_write(struct card *c, u64 sector, struct u8_cslice bytes);
int card_write(struct card *c, u64 sector, struct u8_cslice bytes)
{
	hf_let(u8_buffer, buf, hf_try(hf_new_buffer(u8, SECTOR, GFP_KERNEL)));

	hf_try_errno(hf_copy(u8_buffer_slice(hf_mut(buf)), bytes));
	hf_let(u8_to_device, lent, hf_try(u8_map_to_device(hf_move(buf), &c->dev, NULL)));
	hf_completion_reinit(&c->done);
	card_start(sector, hf_dma_addr(lent), hf_dma_size(lent));
#ifdef MISUSE
	return hf_completion_wait_timeout(&c->done, 1000); /* E */
#else
	if (hf_completion_wait_timeout(&c->done, 1000)) {
		card_reset();
		c->errors++;
		return -EIO;
	}
	return 0;
#endif
}
