// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What tests/report/run looks at the output of: each argument is one way to fail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <holdfast/holdfast.h>

/* As an HF_*_DEFINE() makes one: two functions deep, and neither is the place that the user wants. */
HF_INLINE void items_check_(int x, const struct hf_violation *site)
{
	hf_require_at(site, x >= 0);
}

HF_INLINE void items_push(int x)
{
	items_check_(x, HF_CALLER_SITE(HF_LIST, "the item is negative"));
}

HF_INLINE int items_find(int x)
{
	return x >= 0 ? x : HF_CALLER_ERROR_(-ENOENT);
}

static __attribute__((noinline)) void push(int x)
{
	items_push(x);	/* line: typed */
}

static __attribute__((noinline)) int find(int x)
{
	return items_find(x);	/* line: found */
}

HF_RESULT_DEFINE(number, int);

static __attribute__((noinline)) struct number_result read_number(int x)
{
	if (x < 0)
		return hf_err(number, -ERANGE);	/* line: error */
	return hf_ok(number, x);
}

/* What the optimiser does not know. */
static int hidden(int x)
{
	__asm__ volatile("" : "+r"(x));
	return x;
}

static void *hidden_ptr(void *p)
{
	__asm__ volatile("" : "+r"(p));
	return p;
}

static void twice(size_t size)
{
	void *p = hf_user_alloc(size, GFP_KERNEL), *again = hidden_ptr(p);

	hf_user_free(p);
	hf_user_free(again);
	puts("not detected");
}

static void resize(size_t to)
{
	unsigned char *p = hf_user_alloc(4096, GFP_KERNEL), *q;
	const volatile unsigned char *old = hidden_ptr(p);

	if (!p)
		exit(3);
	memset(p, 1, 4096);
	q = hf_user_realloc(p, to, GFP_KERNEL);
	for (size_t i = 0; i < 4096 && i < to; i++)
		if (!q || q[i] != 1)
			puts("the contents are lost");
	printf("%02x %02x\n", old[64], old[4000]);
	hf_user_free(q);
}

static void errors(void)
{
	const int err = find(hidden(-1));
	const struct number_result r = read_number(hidden(-1));

	printf("%d %d\n", err, hf_errno(r));
}

static u8 table[4096];

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "index"))
		hf_at(hf_slice(u8_slice, table), hidden(4097)) = 1; /* line: index */
	else if (!strcmp(what, "range"))
		hf_require_range_at(HF_SITE(HF_BOUNDS, "the range is outside"), 8, (u64)hidden(9), 16); /* line: range */
	else if (!strcmp(what, "typed"))
		push(hidden(-1));
	else if (!strcmp(what, "errors"))
		errors();
	else if (!strcmp(what, "twice"))
		twice((size_t)atoi(argv[2]));
	else if (!strcmp(what, "resize"))
		resize((size_t)atoi(argv[2]));
	return 0;
}
