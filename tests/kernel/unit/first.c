// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Linked first: the entries of all tests follow this one. */
#include "main.h"

const struct hf_test_case_ *hf_test_entries_begin[0] __section(".hf_tests");
