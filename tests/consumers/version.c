// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stdio.h>

#include <holdfast/version.h>

int main(void)
{
	const int number = HF_VERSION_MAJOR * 10000 + HF_VERSION_MINOR * 100 + HF_VERSION_PATCH;

	printf("%s\n", number == HF_VERSION ? HF_VERSION_STRING : "another number");
	return 0;
}
