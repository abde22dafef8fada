// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the data of an open file written, while other threads use the same file
// rule: const-written
// expect-gcc: assignment of member 'asked' in read-only object
// expect-clang: cannot assign to variable 'session' with const-qualified type 'const struct session \*'
#include <holdfast/file.h>

#pragma push_macro("MISUSE")
#undef MISUSE
#include "08-ioctl.c"
#pragma pop_macro("MISUSE")

/* What an open file owns. */
struct session {
	struct edu_arc edu;
#ifdef MISUSE
	u32 asked;
#endif
};

static void session_close(struct session *session)
{
	edu_arc_drop(&session->edu);
	hf_free(session);
}

HF_OWN_DEFINE(session, struct session, session_close);
HF_FILE_DEFINE(edu_node, edu_arc, session_own);

static struct session_own_result edu_open(const struct edu *edu, const struct hf_file *how)
{
	hf_let(session, session, hf_try_in(session_own, hf_new(session, GFP_KERNEL)));

	(void)how;
	hf_set(hf_mut(session)->edu, hf_arc_from(edu, edu));
	return hf_ok(session_own, hf_move(session));
}

/* Ask for a factorial. */
static int edu_write(const struct session *session, struct hf_uaccess_reader *from, const struct hf_file *how)
{
	const u32 n = hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(from)), EDU_MAX_N));

	(void)how;
#ifdef MISUSE
	session->asked = n; /* E */
#endif
	return edu_ask(hf_ref(session->edu), n);
}

static int edu_read(const struct session *session, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	const struct edu *edu = hf_ref(session->edu);
	const u32 value = hf_try(how->nonblocking ? edu_value_now(&edu->state) : edu_answer(edu));

	return hf_uaccess_write_u32(to, value);
}

static int edu_ioctl(const struct session *session, unsigned int cmd, const struct hf_ioctl_arg *arg,
		     const struct hf_file *how)
{
	struct hf_uaccess_reader r = hf_ioctl_reader(arg);

	return cmd == EDU_TRANSFER ? edu_serve_transfer(hf_ref(session->edu), &r, how) : -ENOTTY;
}

HF_FILE_OPS(edu_node, session_own, .open = edu_open, .read = edu_read, .write = edu_write, .ioctl = edu_ioctl);
