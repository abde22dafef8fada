// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a cache of the last hit still points to the element that was removed from the map
// rule: borrow-outlives-owner
// compilers: none
// checker: 'last' may point to the element that is dropped here, and 'dir_again' uses it
#include <holdfast/lock.h>
#include <holdfast/map.h>

struct inode {
	const u64 nr;
	struct hf_map_link link;
	u32 opens;
};

static void inode_free(struct inode *i)
{
	hf_link_fini(&i->link);
	hf_free(i);
}

HF_OWN_DEFINE(inode, struct inode, inode_free);
HF_MAP_DEFINE(inodes, inode_own, struct inode, link, nr, hf_compare);

struct dir_data {
	struct inodes all;
	struct inode *last;
};
HF_LOCKED_DEFINE(dir, mutex, struct dir_data);

int dir_open(const struct dir *dir, u64 nr);
int dir_open(const struct dir *dir, u64 nr)
{
	hf_lock(d, dir);

	d->last = hf_try(inodes_find_mut(&d->all, nr));
	d->last->opens++;
	return 0;
}

int dir_again(const struct dir *dir);
int dir_again(const struct dir *dir)
{
	hf_lock(d, dir);

	if (!d->last)
		return -ENOENT;
	d->last->opens++;
	return 0;
}

int dir_unlink(const struct dir *dir, u64 nr);
int dir_unlink(const struct dir *dir, u64 nr)
{
	hf_lock(d, dir);

#ifdef MISUSE
	return hf_drop_ok(inode_own, inodes_remove_key(&d->all, nr)); /* E */
#else
	d->last = NULL;
	return hf_drop_ok(inode_own, inodes_remove_key(&d->all, nr));
#endif
}
