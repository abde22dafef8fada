/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * What differs between compilers, and what works around one of them.
 *
 * Attributes and hints that every supported compiler has in some form, and the few places where GCC or
 * Clang makes worse code, or warns, without help.  Nothing here depends on the mode.
 */
#ifndef HOLDFAST_SYS_COMPILER_H
#define HOLDFAST_SYS_COMPILER_H

/** The condition is nearly always true. */
#define HF_LIKELY(x)		__builtin_expect(!!(x), 1)
/** The condition is nearly always false. */
#define HF_UNLIKELY(x)		__builtin_expect(!!(x), 0)
/* Tells the optimiser that @cond is true.  Emits no code. */
#define HF_KNOWN_(cond)		do { if (!(cond)) __builtin_unreachable(); } while (0)
/* Makes the optimiser forget the value of @lvalue, which is in memory.  Emits no code. */
#define HF_UNKNOWN_(lvalue)	__asm__("" : "+m"(lvalue))
/* Tells the optimiser that @p is a valid pointer: not NULL, and not an errno as hf_failed_ptr_() tests for. */
#define HF_POINTS_(p)									\
	do {										\
		HF_KNOWN_((p) != NULL);							\
		HF_KNOWN_(!((unsigned long)(p) >= (unsigned long)-4095));		\
	} while (0)
/*
 * On a variable that is written before it is read.  Kernels are built with -ftrivial-auto-var-init=zero,
 * which would clear a buffer right before the copy from the device that fills it.  GCC's analyzer does not follow a
 * copy by words to its end.
 */
#if defined(HF_ANALYZER)
#define HF_UNINITIALIZED_	= { 0 }
#elif defined(__has_attribute) && !defined(__CHECKER__)
#if __has_attribute(uninitialized)
#define HF_UNINITIALIZED_	__attribute__((uninitialized))
#endif
#endif
#ifndef HF_UNINITIALIZED_
#define HF_UNINITIALIZED_
#endif
/** The function is a slow path: out of line, away from the fast one. */
#define HF_COLD			__attribute__((__cold__, __noinline__))
/*
 * The value of a failure.  The asm keeps Clang from if-converting success and failure into one value,
 * after which it forgets that the error was tested and tests it again.
 */
#ifdef __clang__
#define HF_FAILURE_(...)	__extension__ ({ __asm__ volatile(""); (__VA_ARGS__); })
#else
#define HF_FAILURE_(...)	(__VA_ARGS__)
#endif
/*
 * Around a store of a list's address into an element's stamp.  GCC's -Wdangling-pointer takes the list, if
 * it is a local variable, for a pointer that escapes, where it does not see the element leave the list.
 */
#ifndef __clang__
#define HF_STAMP_BEGIN_									\
	_Pragma("GCC diagnostic push")							\
	_Pragma("GCC diagnostic ignored \"-Wdangling-pointer\"")
#define HF_STAMP_END_		_Pragma("GCC diagnostic pop")
#else
#define HF_STAMP_BEGIN_
#define HF_STAMP_END_
#endif
/* Before a loop over the words of a device's element: their number is a small constant. */
#ifdef __clang__
#define HF_UNROLL_		_Pragma("unroll")
#else
#define HF_UNROLL_		_Pragma("GCC unroll 32")
#endif
/* Keeps pointer @p in a register: GCC would compute the address of each volatile access from the index again. */
#define HF_ONE_BASE_(p)		__asm__("" : "+r"(p))
/*
 * Pointer @p and @n elements.  An empty slice may have NULL, of which not even @p + 0 has a meaning before
 * C2y.  Clang drops the test for 0; GCC keeps it for an @n that was narrower, so it adds numbers.
 */
#if defined(__clang__) || defined(HF_ANALYZER)
#define HF_PLUS_(p, n)		((n) ? (p) + (n) : (p))
#else
#define HF_PLUS_(p, n)		((__typeof__(&*(p)))((unsigned long)(p) + (n) * sizeof(*(p))))
#endif
/*
 * An integer as a size_t.  One that does not fit, as a u64 or a negative s64 may on a 32-bit machine, gives
 * the largest, which is no index and no length of anything.  Emits no code where each value fits.
 */
#define HF_SIZE_(v)		((__typeof__(v))(size_t)(v) == (v) ? (size_t)(v) : ~(size_t)0)
/** Tells the sanitizers and the reader that the pointer has that many elements. */
#if defined(__clang__) && __clang_major__ >= 22
#define HF_COUNTED_BY(member)	__attribute__((counted_by(member)))
#else
#define HF_COUNTED_BY(member)
#endif
/** The function's value must be used. */
#define HF_MUST_USE		__attribute__((__warn_unused_result__))
/** When the variable's scope ends, by whatever way, @fn is called with its address. */
#define HF_CLEANUP(fn)		__attribute__((__cleanup__(fn), __unused__))

/*
 * The first declaration of every macro that binds a variable with a cleanup function.  A declaration cannot
 * be the body of an `if` or a loop without braces.
 *
 * A jump into the scope would skip the initialisation and run the cleanup function on garbage.  Clang
 * refuses that.  GCC refuses a jump into the scope of a variably modified type, of an identifier that is then
 * named in the message; the array is never made, and there is no code for it.
 */
#if defined(__GNUC__) && !defined(__clang__) && !defined(__CHECKER__)
static inline __attribute__((__always_inline__, __unused__)) unsigned long hf_one_(void)
{
	return 1;
}

#define HF_BINDS_(var)									\
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wvla\"")	\
	typedef char hf_binds_##var[hf_one_()] __attribute__((__unused__));		\
	_Pragma("GCC diagnostic pop")
#else
#define HF_BINDS_(var)		_Static_assert(1, #var);
#endif

/* The value of a macro, which must be used as a function's must. */
static inline __attribute__((__always_inline__, __unused__, __warn_unused_result__)) int hf_must_use_(int err)
{
	return err;
}

/** `struct tag`, of which no value may be ignored.  GCC has this for types in the [[ ]] form only. */
#ifdef __CHECKER__
#define HF_MUST_USE_TYPE(tag)	struct tag
#elif defined(__clang__)
#define HF_MUST_USE_TYPE(tag)	struct __attribute__((__warn_unused_result__)) tag
#else
#define HF_MUST_USE_TYPE(tag)	__extension__ struct [[__nodiscard__]] tag
#endif

/*
 * Return an errno from a function of which the macro does not know what it returns.  An errno is lost in a
 * bool, an unsigned or narrower number, an enumeration and a pointer: in functions that return these it does
 * not compile.  Compilers do not diagnose an int that becomes a bool (but a shift), nor, GCC, an enumeration
 * (but another enumeration); those returns are never executed.
 */
enum hf_errno_ { HF_ERRNO_MIN_ = -4095 };

#define HF_RETURN_ERRNO_(e)								\
	do {										\
		HF_SHADOW_BEGIN_ const int hf_try_wants_a_function_that_returns_int = (e); HF_SHADOW_END_ \
		_Pragma("GCC diagnostic push")						\
		_Pragma("GCC diagnostic error \"-Wconversion\"")			\
		_Pragma("GCC diagnostic error \"-Wsign-conversion\"")			\
		_Pragma("GCC diagnostic error \"-Wint-conversion\"")			\
		_Pragma("GCC diagnostic error \"-Wenum-conversion\"")			\
		_Pragma("GCC diagnostic error \"-Wint-in-bool-context\"")		\
		if (0)									\
			return hf_try_wants_a_function_that_returns_int << 1;		\
		if (0)									\
			return (enum hf_errno_)hf_try_wants_a_function_that_returns_int; \
		return HF_FAILURE_(hf_try_wants_a_function_that_returns_int);		\
		_Pragma("GCC diagnostic pop")						\
	} while (0)

/*
 * Return what the caller of a macro chose.  A negative constant is an errno: as a bool it is true, and as a
 * pointer it is not NULL, so neither compiles.  The first return is never executed: see above.  In other
 * functions all values are allowed, as some return ~0U, and some an errno in an unsigned long.
 */
#define HF_RETURN_VALUE_(value)								\
	do {										\
		HF_SHADOW_BEGIN_ int hf_negative_constant_is_true = 1; HF_SHADOW_END_	\
		(void)hf_negative_constant_is_true;					\
		_Pragma("GCC diagnostic push")						\
		_Pragma("GCC diagnostic error \"-Wint-in-bool-context\"")		\
		_Pragma("GCC diagnostic error \"-Wint-conversion\"")			\
		if (0)									\
			return __builtin_choose_expr(HF_CONSTANT_OR_0_(HF_INT_OR_0_(value)) < 0, \
						     hf_negative_constant_is_true << 1, (value)); \
		return value;								\
		_Pragma("GCC diagnostic pop")						\
	} while (0)

/* What is an int, and 0 for what has another type: also a structure. */
#define HF_INT_OR_0_(x)		_Generic((__typeof__(x) *)0, int *: (x), long *: (x), default: 0)

/* Macros nest (hf_try(f(hf_try(x)))), and their temporaries then shadow each other harmlessly. */
#define HF_SHADOW_BEGIN_								\
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define HF_SHADOW_END_		_Pragma("GCC diagnostic pop")

#endif
