// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a deferred call as the body of a while
// rule: binding-as-body
// expect-gcc: expected expression before 'typedef'
// expect-clang: error: expected expression
#include <holdfast/scope.h>

void undo(void *arg);
bool more(void);
int all(void *dev);

int all(void *dev)
{
#ifdef MISUSE
	while (more())
		hf_defer(d, undo, dev); /* E */
#else
	while (more()) {
		hf_defer(d, undo, dev);
	}
#endif
	return 0;
}
