// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The checkers that Clang's static analyzer loads: a family of rules is a file beside this one. */
#include "rules.h"

extern "C" const char clang_analyzerAPIVersionString[] = CLANG_ANALYZER_API_VERSION_STRING;

extern "C" void clang_registerCheckers(CheckerRegistry &Registry)
{
	registerBorrows(Registry);
	registerCallbacks(Registry);
	registerUntrusted(Registry);
	registerEnds(Registry);
}
