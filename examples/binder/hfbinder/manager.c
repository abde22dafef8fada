// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * hfbinder manager: a service manager, which is the node of handle 0 of a device and keeps the names of others.
 *
 * It answers what AIDL's android.os.IServiceManager has for getting, checking, adding and listing services, in each
 * form that client.h knows: the caller's header says which.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hfbinder.h"

#define INTERFACE	B_PACK_CHARS('_', 'N', 'T', 'F')

struct service {
	struct service *next;
	char *name;
	uint32_t handle;		/* also the cookie of its death: several names may have one handle */
	int32_t stability;		/* what newer callers write and read behind an object */
};

/* The latest first. */
static struct service *services;

/* Where in the list it is, or where the list ends. */
static struct service **find(const char *name)
{
	struct service **at = &services;

	while (*at && strcmp((*at)->name, name))
		at = &(*at)->next;
	return at;
}

static bool has_handle(uint32_t handle)
{
	const struct service *s = services;

	while (s && s->handle != handle)
		s = s->next;
	return s;
}

static struct service *take_out(struct service **at)
{
	struct service *const s = *at;

	*at = s->next;
	return s;
}

static void forget(struct hfb_thread *t, struct service *s)
{
	hfb_release(t, s->handle);
	free(s->name);
	free(s);
}

static void died(struct hfb_thread *t, uint64_t cookie)
{
	struct service **at = &services;

	while (*at)
		if ((*at)->handle == cookie)
			forget(t, take_out(at));
		else
			at = &(*at)->next;
}

static int add(struct hfb_thread *t, struct parcel *in, enum aidl aidl)
{
	struct service *const s = calloc(1, sizeof(*s)), **at;
	struct flat_binder_object o;

	if (!s)
		return -ENOMEM;
	s->name = parcel_get_string16(in);
	if (!s->name || !parcel_get_flat(in, &o) || o.hdr.type != BINDER_TYPE_HANDLE) {
		free(s->name);
		free(s);
		return -EINVAL;
	}
	s->handle = o.handle;
	if (aidl == AIDL_3)
		s->stability = parcel_get_i32(in);
	hfb_acquire(t, s->handle);
	if (!has_handle(s->handle))
		hfb_request_death(t, s->handle, s->handle);
	at = find(s->name);
	if (*at) {
		struct service *const old = take_out(at);

		if (old->handle != s->handle && !has_handle(old->handle))
			hfb_clear_death(t, old->handle, old->handle);
		forget(t, old);
	}
	s->next = services;
	services = s;
	return 0;
}

static int get(struct parcel *in, enum aidl aidl, struct parcel *reply)
{
	char *const name = parcel_get_string16(in);
	const struct service *s;

	if (!name)
		return -EINVAL;
	s = *find(name);
	free(name);
	if (s) {
		parcel_put_handle(reply, s->handle);
	} else {
		/* The null object, which is none to the driver. */
		static const struct flat_binder_object none = { .hdr.type = BINDER_TYPE_BINDER };

		parcel_put_bytes(reply, &none, sizeof(none));
	}
	if (aidl == AIDL_3)
		parcel_put_i32(reply, s ? s->stability : 0);
	return 0;
}

static int list_all(struct parcel *reply)
{
	int32_t n = 0;

	for (const struct service *s = services; s; s = s->next)
		n++;
	parcel_put_i32(reply, n);
	for (const struct service *s = services; s; s = s->next)
		parcel_put_string16(reply, s->name);
	return 0;
}

/* The older callers ask for one after the other. */
static int list_one(struct parcel *in, struct parcel *reply)
{
	const struct service *s = services;
	int32_t i = parcel_get_i32(in);

	while (s && i--)
		s = s->next;
	if (!s)
		return -ENOENT;
	parcel_put_string16(reply, s->name);
	return 0;
}

static int call(struct hfb_thread *t, struct hfb_object *o, const struct binder_transaction_data *txn,
		struct parcel *in, struct parcel *reply)
{
	char *interface;
	enum aidl aidl;
	bool ours;

	(void)o;
	if (txn->code == HFB_PING)
		return 0;
	if (txn->code == INTERFACE) {
		parcel_put_string16(reply, MANAGER_INTERFACE);
		return 0;
	}
	aidl = parcel_get_header(in, &interface);
	ours = aidl && interface && !strcmp(interface, MANAGER_INTERFACE);
	free(interface);
	if (!ours)
		return -EPERM;
	/* That there is no exception. */
	if (aidl == AIDL_3 || txn->code == MANAGER_ADD)
		parcel_put_i32(reply, 0);
	switch (txn->code) {
	case MANAGER_GET:
	case MANAGER_CHECK:
		return get(in, aidl, reply);
	case MANAGER_ADD:
		return add(t, in, aidl);
	case MANAGER_LIST:
		return aidl == AIDL_3 ? list_all(reply) : list_one(in, reply);
	}
	return -EBADMSG;	/* as Android's, of a code that is not known */
}

int hfbinder_manager(const struct cli_options *o)
{
	struct hfb_object object = { .call = call };
	struct hfb_thread t;
	struct hfb b;
	int status = hfbinder_open(o, &b), err;

	if (status)
		return status;
	b.died = died;
	err = hfb_become_manager(&b, &object);
	if (!err) {
		cli_line(stdout, "manages %s", o->device);
		status = cli_flush();
		hfb_thread_init(&t, &b);
		if (!status)
			err = hfb_serve(&t, 0);
		while (services)
			forget(&t, take_out(&services));
		hfb_thread_end(&t);
	}
	hfb_close(&b);
	if (err)
		return cli_error("%s: %s", o->device,
				      err == -EBUSY ? "it has a service manager" : strerror(-err));
	return status;
}
