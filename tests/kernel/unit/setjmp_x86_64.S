/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Save and restore the callee-saved registers, the stack pointer and the return address. */
#include <linux/linkage.h>

	.text

SYM_FUNC_START(hf_test_setjmp_)
	movq	(%rsp), %rax
	movq	%rax, 0(%rdi)
	movq	%rsp, 8(%rdi)
	movq	%rbp, 16(%rdi)
	movq	%rbx, 24(%rdi)
	movq	%r12, 32(%rdi)
	movq	%r13, 40(%rdi)
	movq	%r14, 48(%rdi)
	movq	%r15, 56(%rdi)
	xorl	%eax, %eax
	RET
SYM_FUNC_END(hf_test_setjmp_)

SYM_FUNC_START(hf_test_longjmp_)
	movq	8(%rdi), %rsp
	movq	16(%rdi), %rbp
	movq	24(%rdi), %rbx
	movq	32(%rdi), %r12
	movq	40(%rdi), %r13
	movq	48(%rdi), %r14
	movq	56(%rdi), %r15
	movq	0(%rdi), %rax
	movq	%rax, (%rsp)
	movl	$1, %eax
	RET
SYM_FUNC_END(hf_test_longjmp_)
