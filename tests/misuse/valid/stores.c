// SPDX-License-Identifier: GPL-2.0-only OR MIT
// flags: -O2
/* A variable that has no value before hf_store_ok() is used only where there was no error. */
#include <holdfast/cursor.h>

struct node {
	int key;
};
HF_PTR_RESULT_DEFINE(node_ptr, struct node);

struct u32_result mtu_of(int port);
struct node_ptr_result find(int key);
int use(struct node *n, u32 v);

int store_if(int port);
int store_if(int port)
{
	u32 mtu;
	int err;

	err = hf_store_ok(mtu, mtu_of(port));
	if (err)
		goto bad;
	return use(NULL, mtu + 18);
bad:
	return err;
}

int store_if_negative(int key);
int store_if_negative(int key)
{
	struct node *n;
	const int err = hf_store_ok(n, find(key));

	if (err < 0)
		return err;
	return use(n, 0);
}

int store_try(int port);
int store_try(int port)
{
	u32 mtu;

	hf_try_errno(hf_store_ok(mtu, mtu_of(port)));
	return use(NULL, mtu);
}

bool store_try_or(int key);
bool store_try_or(int key)
{
	struct node *n;

	hf_try_errno_or(hf_store_ok(n, find(key)), false);
	return use(n, 0);
}

int store_two(int key);
int store_two(int key)
{
	struct node *n;
	u32 v;

	if (hf_store_ok(n, find(key)) || hf_store_ok(v, mtu_of(n->key)))
		return -EINVAL;
	return use(n, v);
}

u32 store_in_loop(const int *ports);
u32 store_in_loop(const int *ports)
{
	u32 mtu[2];

	for (size_t i = 0; i < 2; i++)
		if (hf_store_ok(mtu[i], mtu_of(ports[i])))
			return 0;
	return mtu[0] + mtu[1];
}

int store_slice(size_t n);
int store_slice(size_t n)
{
	const u8 bytes[4] = { 1, 2, 3, 4 };
	struct u8_cslice part;
	int err = hf_store_ok(part, hf_subslice(hf_slice(u8_cslice, bytes), 1, n));

	if (err)
		return err;
	return (int)hf_len(part);
}

int store_errno(int port);
int store_errno(int port)
{
	const struct u32_result r = mtu_of(port);

	if (hf_errno(r))
		return hf_errno(r);
	return (int)hf_ok_or(r, 0);
}
