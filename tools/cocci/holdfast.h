/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* For spatch --macro-file: what the macros that are not expressions stand for. */
#define hf_for_each(...)		YACFE_ITERATOR
#define hf_zip(...)			YACFE_ITERATOR
#define hf_for_each_row(...)		YACFE_ITERATOR
#define HF_TEST(suite, name)		void hf_test(void)
#define HF_TEST_UNANALYZED(suite, name)	void hf_test(void)
#define HF_REQUIRES(l)
#define HF_REQUIRES_SHARED(l)
#define HF_EXCLUDES(l)
#define HF_SLEEPS
#define HF_NOESCAPE
#define HF_MUST_USE
