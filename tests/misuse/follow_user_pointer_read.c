// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the address that a process gave, kept in a member and read through by another function
// rule: device-memory
// compilers: none
// checker: is in user memory, which only hf_uaccess_reader\(\)
#include <holdfast/holdfast.h>

struct submit {
	struct hf_le64 fence;
};

HF_WIRE_TYPE(submit, struct submit, HF_WIRE(fence));

struct job {
	void __user *fence;
	u64 seq;
};

static int job_parse(struct job *j, struct hf_uaccess_reader *r)
{
	const struct submit s = hf_try(hf_uaccess_read_as(submit, r));

	j->fence = hf_try(hf_user_ptr(hf_from_le(s.fence)));
	return 0;
}

static int job_wait(struct job *j)
{
#ifdef MISUSE
	const u64 *p = (const u64 __force *)j->fence;

	j->seq = p[1]; /* E */
#else
	struct hf_uaccess_reader r = hf_uaccess_reader(j->fence, 2 * sizeof(u64));

	(void)hf_accept_any(hf_try(hf_uaccess_read_u64(&r)));
	j->seq = hf_accept_any(hf_try(hf_uaccess_read_u64(&r)));
#endif
	return 0;
}

int job_submit(struct job *j, struct hf_uaccess_reader *r);
int job_submit(struct job *j, struct hf_uaccess_reader *r)
{
	hf_try_errno(job_parse(j, r));
	return job_wait(j);
}
