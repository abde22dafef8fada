// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

struct dev {
	struct hf_pin pin;
	int id;
};

int main(void)
{
	struct dev a = { .id = 1 };

	hf_pin_init(&a.pin);
	{
		struct dev b = a;

		hf_pin_check(&b.pin);
		return b.id != 1;
	}
}
