// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: by Clang, where the lock is one of the kernel's
#include "kernel.h"

#define TRY(e) ({ int ret_ = (e); if (ret_ < 0) return ret_; ret_; })

int read_mtu(void);

int f(struct mutex *lock, int *mtu);
int f(struct mutex *lock, int *mtu)
{
#ifdef MISUSE
	mutex_lock(lock);
	*mtu = TRY(read_mtu());
	mutex_unlock(lock);
	return 0;
#else
	int err;

	mutex_lock(lock);
	err = read_mtu();
	mutex_unlock(lock);
	*mtu = err;
	return err;
#endif
}
