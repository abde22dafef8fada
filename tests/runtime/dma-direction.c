// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	static struct hf_device dev;
	struct u8_buffer_own_result r = hf_new_buffer(u8, unknown(4), GFP_KERNEL);

	dev.iommu = hf_user_iommu_new();
	if (!dev.iommu || !hf_is_ok(r))
		return 3;
	hf_let(u8_buffer, buf, hf_expect(r, "just tested"));
	hf_let(u8_to_device, m, hf_expect(u8_map_to_device(hf_move(buf), &dev, NULL), "there is memory"));
	hf_let(u8_buffer, back, u8_unmap_to_device(hf_move(m)));
	return hf_dma_addr(m) == 1;
}
