// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	static u64 registers[8];
	const struct hf_io io = hf_user_io_memory(registers, sizeof(registers));

	return is_error(hf_io_write32(&io, unknown(64), 1));
}
