// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: two numbers that were checked, multiplied in 32 bits for the size of an allocation
// rule: arithmetic-overflow
// compilers: none
// checker: m->rows \* m->columns.* wraps in 32 bits, .* and line [0-9]+ uses it as a size
#include <holdfast/holdfast.h>

#define MOST 100000U

struct matrix {
	u32 rows, columns;
	HF_TRAILING(u16, cell);
};

static void matrix_free(struct matrix *m)
{
	hf_free(m);
}

HF_OWN_DEFINE(matrix, struct matrix, matrix_free);

struct shape {
	u32 rows, columns;
};

static struct size_result cells(const struct shape *m)
{
#ifdef MISUSE
	return hf_ok(size, m->rows * m->columns); /* E */
#else
	return hf_mul_size(m->rows, m->columns);
#endif
}

static int shape_read(struct shape *s, struct hf_uaccess_reader *r)
{
	s->rows = hf_try(hf_in_range(hf_try(hf_uaccess_read_u32(r)), 1, MOST));
	s->columns = hf_try(hf_in_range(hf_try(hf_uaccess_read_u32(r)), 1, MOST));
	return 0;
}

int matrix_create(struct matrix_own *place, struct hf_uaccess_reader *r);
int matrix_create(struct matrix_own *place, struct hf_uaccess_reader *r)
{
	struct shape s = { 0 };

	hf_try_errno(shape_read(&s, r));
	hf_let(matrix, m, hf_try(hf_new_array(matrix, cell, hf_try(cells(&s)), GFP_KERNEL)));
	hf_mut(m)->rows = s.rows;
	hf_mut(m)->columns = s.columns;
	hf_set(*place, hf_move(m));
	return 0;
}
