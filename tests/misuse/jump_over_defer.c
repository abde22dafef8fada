// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a goto over a deferred call
// rule: jump-over-binding
// expect-gcc: (?:jump into scope|switch jumps into scope) of identifier with variably modified type
// expect-clang: cannot jump from (?:this goto|switch) statement to (?:its|this case) label
#include <holdfast/scope.h>

void undo(void *arg);
int step(void *arg, int n);
int build(void *dev);

int build(void *dev)
{
	int err = step(dev, 1);

	if (err)
#ifdef MISUSE
		goto done; /* E */
#else
		return err;
#endif
	hf_defer(undo_first, undo, dev);

	err = step(dev, 2);
	if (!err)
		hf_dismiss(undo_first);
#ifdef MISUSE
done:
#endif
	return err;
}
