// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() in a function that returns a pointer
// rule: try-in-other-function
// expect: error: .*pointer
#include <holdfast/num.h>

struct node {
	int key;
};
HF_PTR_RESULT_DEFINE(node_ptr, struct node);
struct node_ptr_result find(int key);
int *key_of(int key);

int *key_of(int key)
{
#ifdef MISUSE
	return &hf_try(find(key))->key; /* E */
#else
	return &hf_try_or(find(key), NULL)->key;
#endif
}
