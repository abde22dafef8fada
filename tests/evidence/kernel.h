/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What kernel C offers against these bugs, in a few lines that behave as the kernel's do: cleanup.h's __free() and
 * guard(), and the marks of its context analysis (compiler-context-analysis.h), which are Clang's.
 */
#ifndef EVIDENCE_KERNEL_H
#define EVIDENCE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__clang__)
#define ctx(x)			__attribute__((x))
#else
#define ctx(x)
#endif
#define __must_check		__attribute__((warn_unused_result))
#define __guarded_by(l)		ctx(guarded_by(l))
#define __must_hold(l)		ctx(requires_capability(l))
#define __must_not_hold(l)	ctx(locks_excluded(l))
#define no_analysis		ctx(no_thread_safety_analysis)

struct ctx(capability("mutex")) mutex { int word; };
void mutex_lock(struct mutex *l) ctx(acquire_capability(*l));
void mutex_unlock(struct mutex *l) ctx(release_capability(*l));
struct ctx(capability("spinlock")) spinlock { int word; };
void spin_lock(struct spinlock *l) ctx(acquire_capability(*l));
void spin_unlock(struct spinlock *l) ctx(release_capability(*l));
static inline __attribute__((unused)) void guard_end(struct mutex *const *l)
	ctx(release_capability(**l)) no_analysis { mutex_unlock(*l); }
#define guard(name, l)		struct mutex *const name __attribute__((cleanup(guard_end), unused)) = (l); mutex_lock(l)

struct packet { int len; };
struct packet *packet_new(void);
void packet_free(struct packet *p);
void transmit(struct packet *p);	/* takes it */
int peek(const struct packet *p);
void poke(struct packet *p);
static inline __attribute__((unused)) void packet_end(struct packet **p) { if (*p) packet_free(*p); }
#define __free_packet		__attribute__((cleanup(packet_end)))
static inline __must_check void *taken(void *p) { return p; }
#define no_free_ptr(p)		((__typeof__(p))taken(__extension__ ({ __typeof__(p) p_ = (p); (p) = NULL; p_; })))

#endif
