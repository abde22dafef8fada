// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	struct hf_dma_to_device m = { .dev_ = NULL };

	return hf_dma_addr(&m) == 1;
}
