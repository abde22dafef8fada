// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Readers of one domain, counted under a mutex: a writer waits for those that are inside. */
#include <holdfast/sys/sys.h>

/*
 * There are two counts, of which new readers take the current one.  A writer makes the other one current and
 * waits until the first is 0, so that readers who come later do not hold it up.  Between writers the other
 * count is 0: the last writer has waited for that.
 */
struct hf_user_srcu_ {
	pthread_mutex_t writer;		/* one writer waits at a time */
	pthread_mutex_t lock;		/* of what follows */
	pthread_cond_t left;
	int current;
	unsigned long inside[2];
};

int hf_sys_srcu_init(struct hf_sys_srcu *s)
{
	struct hf_user_srcu_ *u = hf_user_alloc(sizeof(*u), GFP_KERNEL);

	if (!u)
		return -ENOMEM;
	pthread_mutex_init(&u->writer, NULL);
	pthread_mutex_init(&u->lock, NULL);
	pthread_cond_init(&u->left, NULL);
	s->s_ = u;
	return 0;
}

void hf_sys_srcu_fini(struct hf_sys_srcu *s)
{
	pthread_cond_destroy(&s->s_->left);
	pthread_mutex_destroy(&s->s_->lock);
	pthread_mutex_destroy(&s->s_->writer);
	hf_user_free(s->s_);
	s->s_ = NULL;
}

int hf_sys_srcu_read_lock(struct hf_sys_srcu *s)
{
	int idx;

	pthread_mutex_lock(&s->s_->lock);
	idx = s->s_->current;
	s->s_->inside[idx]++;
	pthread_mutex_unlock(&s->s_->lock);
	return idx;
}

void hf_sys_srcu_read_unlock(struct hf_sys_srcu *s, int idx)
{
	pthread_mutex_lock(&s->s_->lock);
	if (!--s->s_->inside[idx])
		pthread_cond_signal(&s->s_->left);
	pthread_mutex_unlock(&s->s_->lock);
}

void hf_sys_srcu_synchronize(struct hf_sys_srcu *s)
{
	int old;

	pthread_mutex_lock(&s->s_->writer);
	pthread_mutex_lock(&s->s_->lock);
	old = s->s_->current;
	s->s_->current = !old;
	while (s->s_->inside[old])
		pthread_cond_wait(&s->s_->left, &s->s_->lock);
	pthread_mutex_unlock(&s->s_->lock);
	pthread_mutex_unlock(&s->s_->writer);
}
