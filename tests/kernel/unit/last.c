// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Linked last: the entries of all tests precede this one. */
#include "main.h"

const struct hf_test_case_ *hf_test_entries_end[0] __section(".hf_tests");
