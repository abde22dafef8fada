// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Errors as userspace has them: positive, so that EOF is no negated errno, and looked at where they are assigned.
#include <holdfast/holdfast.h>
#include <errno.h>
#include <stdio.h>

int attribute_read(const char *path, unsigned int *value);
int attribute_read(const char *path, unsigned int *value)
{
	FILE *f = fopen(path, "r");
	int count, err = 0;

	if (!f)
		return ENOENT;
	count = fscanf(f, "%u", value);
	if (count != 1)
		err = count == EOF ? EIO : EINVAL;
	fclose(f);
	return err;
}

int attributes_show(const char *const *paths, int n);
int attributes_show(const char *const *paths, int n)
{
	unsigned int value;
	int err, i;

	if ((err = attribute_read(paths[0], &value)))
		return -1;
	for (i = 1; i < n; i++) {
		err = attribute_read(paths[i], &value);
		if (err)
			return -err;
		printf("%u\n", value);
	}
	return 0;
}
