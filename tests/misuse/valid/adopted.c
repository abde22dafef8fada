// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Owners of what the C library gives, whose end GCC's analyzer knows by another name.
#include <holdfast/own.h>
#include <stdio.h>
#include <stdlib.h>

struct frame {
	unsigned char data[64];
	size_t len;
};

static void frame_free(struct frame *f)
{
	free(f);
}
HF_OWN_DEFINE(frame, struct frame, frame_free);

static void log_close(FILE *f)
{
	fclose(f);
}
HF_OWN_DEFINE(log, FILE, log_close);

int frame_write(const struct frame *f, const char *path);
int frame_write(const struct frame *f, const char *path)
{
	FILE *raw = fopen(path, "wb");

	if (!raw)
		return -1;
	// SAFETY: nobody else has it.
	hf_let(log, out, hf_adopt_unchecked(log, raw));
	return fwrite(f->data, 1, f->len, hf_mut(out)) == f->len ? 0 : -1;
}

/* The owner is empty until the file is found, and again after each file. */
int frames_count(const char *const *paths, int n);
int frames_count(const char *const *paths, int n)
{
	int i, found = 0;
	FILE *raw;

	hf_let(log, in, hf_empty(log_own));
	for (i = 0; i < n; i++) {
		// SAFETY: nobody else has it.
		hf_set(in, hf_adopt_unchecked(log, fopen(paths[i], "rb")));
		raw = hf_is_empty(in) ? NULL : hf_mut(in);
		if (raw == NULL)
			continue;
		found += fgetc(raw) != EOF;
		hf_drop(log, in);
	}
	return found;
}

struct frame_own frame_make(void);
struct frame_own frame_make(void)
{
	struct frame *raw = malloc(sizeof(*raw));

	if (!raw)
		return hf_empty(frame_own);
	raw->len = 0;
	// SAFETY: nobody else has it.
	hf_let(frame, f, hf_adopt_unchecked(frame, raw));
	return hf_move(f);
}
