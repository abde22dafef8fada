// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a level of checks that does not exist
// rule: checks-level
// expect: HF_CHECKS must be HF_CHECKS_OFF, HF_CHECKS_RELEASE or HF_CHECKS_DEBUG
#ifdef MISUSE
#define HF_CHECKS 3
#endif
#include <holdfast/check.h> /* E */
