// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner is leaked to a function that takes it only if it succeeds, and the error path forgets it
// rule: owner-ignored
// compilers: none
// checker: on a path nobody takes what 's' owned
#include <holdfast/own.h>

struct sensor {
	u32 address;
};

void sensor_free(struct sensor *s);
HF_OWN_DEFINE(sensor, struct sensor, sensor_free);

struct monitor {
	u32 attached;
	void *priv[4];
};

static int monitor_attach(struct monitor *m, void *priv)
{
	if (m->attached >= 4)
		return -ENOSPC;
	m->priv[m->attached++] = priv;
	return 0;
}

void monitor_detach(struct monitor *m);
void monitor_detach(struct monitor *m)
{
	if (!m->attached)
		return;
	/* SAFETY: sensor_attach() gave it. */
	hf_let(sensor, s, hf_adopt_unchecked(sensor, m->priv[--m->attached]));
}

int sensor_attach(struct monitor *m, struct sensor_own given);
int sensor_attach(struct monitor *m, struct sensor_own given)
{
	hf_let(sensor, s, given);

	hf_mut(s)->address = m->attached;
#ifdef MISUSE
	/* SAFETY: monitor_detach() makes it an owner again. */
	return monitor_attach(m, hf_leak(s)); /* E */
#else
	hf_try_errno(monitor_attach(m, hf_mut(s)));
	/* SAFETY: monitor_detach() makes it an owner again. */
	(void)hf_leak(s);
	return 0;
#endif
}
