/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef HF_TEST_MAIN_H
#define HF_TEST_MAIN_H

#include "harness.h"

/* The entries of all tests are between these two: the linker keeps the order of the objects. */
extern const struct hf_test_case_ *hf_test_entries_begin[];
extern const struct hf_test_case_ *hf_test_entries_end[];

#endif
