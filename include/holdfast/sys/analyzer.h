/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The model of owners for path-sensitive analyzers (GCC's -fanalyzer).
 *
 * Such an analyzer knows memory that was freed, on every path and around loops, and nothing of owners.
 * holdfast-check defines HF_ANALYZER; then a move "frees" the pointer that the giver had, and the taker
 * gets one that the analyzer has never seen.  A drop frees as well, and the object's own drop function is
 * left out.  A later use, of the owner or of a borrow that was kept, is a use after free to the analyzer:
 * "use after 'hf_move'", with the path that leads there.
 *
 * The model changes what is compiled, so it is for the analyzer alone.
 */
#ifndef HOLDFAST_SYS_ANALYZER_H
#define HOLDFAST_SYS_ANALYZER_H

/*
 * The two sides of a result in one register.  Clang's static analyzer does not follow what a union contains, so it
 * sees a structure.
 */
#ifdef __clang_analyzer__
#define HF_MODEL_EITHER_	struct
#else
#define HF_MODEL_EITHER_	union
#endif

/* The error of a result that failed.  An analyzer cannot conclude that it is below 0. */
#if defined(HF_ANALYZER) || defined(__clang_analyzer__)
#define HF_MODEL_ERROR_(e)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ const int hf_error_ = (e); HF_SHADOW_END_		\
		HF_KNOWN_(hf_error_ < 0);						\
		hf_error_;								\
	})
#else
#define HF_MODEL_ERROR_(e)	(e)
#endif

#ifdef HF_ANALYZER
/* The names are those of the front doors, as the messages quote them. */
void hf_move(void *p);
void hf_drop(void *p);
void *hf_model_moves_(void) __attribute__((__malloc__(hf_move, 1)));
void *hf_model_drops_(void) __attribute__((__malloc__(hf_drop, 1)));
void *hf_model_unseen_(void);
void hf_model_unknown_(void *p);
void *hf_model_adopted_(void *p) __attribute__((__returns_nonnull__));

/* In struct hf_owner: the pointer before the move. */
#define HF_MODEL_MEMBER_	void *moved_;
/* An owner is made of a pointer, of which the analyzer may know another end: that of malloc() is free(). */
#define HF_MODEL_ADOPT_(p)	((p) ? hf_model_adopted_(p) : NULL)
/* An owner is bound to a variable. */
#define HF_MODEL_BIND_(o)	((void)((o)->ptr_ = hf_model_unseen_(), (o)->moved_ = NULL))
/* A variable or place that was empty gets an owner. */
#define HF_MODEL_SET_(o)	((void)((o)->moved_ = NULL))
/* An owner is moved; the pointer for the taker. */
#define HF_MODEL_MOVE_(o)	((hf_move)((o)->ptr_), (o)->moved_ = (o)->ptr_, hf_model_unseen_())
/* An owner is used: if it was moved, the old pointer is. */
#define HF_MODEL_USE_(o)								\
	do {										\
		if (!(o)->ptr_ && (o)->moved_)						\
			(void)*(volatile char *)(o)->moved_;				\
	} while (0)
/* What an owner of a T owns ends, by @fn in a real build. */
#define HF_MODEL_END_(fn, T, p)	((void)(fn), (hf_drop)(p))
/*
 * What @p points to may have changed.  The analyzer takes a list that got members which it has not seen for
 * one without end.
 */
#define HF_MODEL_UNKNOWN_(p)	hf_model_unknown_(p)
/* An owner is dropped because a list refused it.  With this path GCC 14 no longer sees a second move. */
#define HF_MODEL_REFUSED_(fn, o)	((void)(o))
#else
#define HF_MODEL_MEMBER_
#define HF_MODEL_ADOPT_(p)	(p)
#define HF_MODEL_BIND_(o)	((void)(o))
#define HF_MODEL_SET_(o)	((void)(o))
#define HF_MODEL_MOVE_(o)	((o)->ptr_)
#define HF_MODEL_USE_(o)	((void)(o))
#define HF_MODEL_END_(fn, T, p)	fn((T *)(p))
#define HF_MODEL_UNKNOWN_(p)	((void)(p))
#define HF_MODEL_REFUSED_(fn, o)	fn(o)
#endif

#endif
