// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Pages that processes map: a ring of the device's that they write, a buffer of each file's that they read.
#include <holdfast/holdfast.h>

#define RING_HEAD	0
#define RING_TAIL	4
#define RING_ENTRIES	64
#define RING_LENGTH	64U
#define RING_SIZE	(RING_ENTRIES + RING_LENGTH * sizeof(struct entry))
#define BUFFER_MAX	(4 << 20)

struct entry {
	struct hf_le64 addr;
	struct hf_le32 len, flags;
};

HF_WIRE_TYPE(entry, struct entry, HF_WIRE(addr) HF_WIRE(len) HF_WIRE(flags));

struct dev {
	struct hf_refs refs;
	struct hf_pages_own ring;
};

static int dev_init(struct dev *d, int unused)
{
	(void)unused;
	return hf_set_ok(d->ring, hf_new_pages(RING_SIZE, GFP_KERNEL));
}

static void dev_destroy(struct dev *d)
{
	hf_pages_own_drop(&d->ring);
}

static void dev_release(struct dev *d)
{
	hf_free(d);
}

HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

/* Takes what a process put into the ring: how many bytes it wants to have moved. */
static int dev_consume(const struct dev *d, u64 *bytes)
{
	hf_borrow(ring, d->ring);
	const u32 tail = hf_try(hf_below(hf_try(hf_pages_load_u32(ring, RING_TAIL)), RING_LENGTH));
	u32 head = hf_try(hf_below(hf_try(hf_pages_load_u32(ring, RING_HEAD)), RING_LENGTH));

	for (; head != tail; head = (head + 1) % RING_LENGTH) {
		const struct entry e = hf_try(hf_pages_read_as(entry, ring, RING_ENTRIES + head * sizeof(e)));

		*bytes += hf_try(hf_at_most(hf_from_le(e.len), 4096));
	}
	return hf_pages_store_u32(ring, RING_HEAD, head);
}

struct buffer {
	struct hf_pages_own pages;
	u64 address;
};

HF_LOCKED_DEFINE(locked_buffer, mutex, struct buffer);

/* A counted object drops what its lock guards where it ends, and is freed elsewhere. */
struct channel {
	struct hf_refs refs;
	struct locked_buffer buffer;
};

static void channel_destroy(struct channel *c)
{
	{
		hf_lock(b, &c->buffer);
		hf_pages_own_drop(&b->pages);
	}
	hf_lock_fini(&c->buffer);
}

static void channel_release(struct channel *c)
{
	hf_free(c);
}

HF_ARC_DEFINE(channel, struct channel, refs, channel_destroy, channel_release);

struct session {
	struct dev_arc dev;
	struct locked_buffer buffer;
};

static void session_end(struct session *s)
{
	{
		hf_lock(b, &s->buffer);
		hf_pages_own_drop(&b->pages);
	}
	hf_lock_fini(&s->buffer);
	dev_arc_drop(&s->dev);
	hf_free(s);
}

HF_OWN_DEFINE(session, struct session, session_end);
HF_FILE_DEFINE(dev_node, dev_arc, session_own);
HF_FILE_DEFINE(buffer_node, dev_arc, session_own);

static struct session_own_result dev_open(const struct dev *d, const struct hf_file *how)
{
	hf_let(session, s, hf_try_in(session_own, hf_new(session, GFP_KERNEL)));

	(void)how;
	hf_lock_init(&hf_mut(s)->buffer);
	hf_set(hf_mut(s)->dev, hf_arc_from(dev, d));
	return hf_ok(session_own, hf_move(s));
}

/* Every process has the device's ring, and may write it. */
static int dev_mmap(const struct session *s, struct hf_vma *vma, const struct hf_file *how)
{
	(void)how;
	return hf_vma_map_writable(vma, hf_ref(hf_ref(s->dev)->ring));
}

static int dev_read(const struct session *s, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	u64 bytes = 0;

	(void)how;
	hf_try_errno(dev_consume(hf_ref(s->dev), &bytes));
	return hf_uaccess_write_u64(to, bytes);
}

HF_FILE_OPS(dev_node, session_own, .open = dev_open, .mmap = dev_mmap, .read = dev_read);

/* A process maps its own buffer, once, and reads what the driver puts there. */
static int buffer_mmap(const struct session *s, struct hf_vma *vma, const struct hf_file *how)
{
	const u64 size = hf_try(hf_at_most(hf_vma_size(vma), BUFFER_MAX));
	hf_let(hf_pages, pages, hf_try(hf_new_pages(size, GFP_KERNEL_ACCOUNT)));

	(void)how;
	hf_lock(b, &s->buffer);
	if (!hf_is_empty(b->pages))
		return -EBUSY;
	hf_try_errno(hf_vma_map_readonly(vma, hf_ref(pages)));
	b->address = hf_vma_address(vma);
	hf_set(b->pages, hf_move(pages));
	return 0;
}

static int buffer_read(const struct session *s, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	u8 header[8] = { 1 };
	u64 address;

	(void)how;
	{
		hf_lock(b, &s->buffer);
		if (hf_is_empty(b->pages))
			return -ENXIO;
		hf_try_errno(hf_pages_write(hf_ref(b->pages), hf_pages_size(hf_ref(b->pages)) - sizeof(header),
					    hf_slice(u8_cslice, header)));
		hf_try_errno(hf_pages_read(hf_ref(b->pages), 0, hf_slice(u8_slice, header)));
		address = b->address;
	}
	return hf_uaccess_write_u64(to, address + header[0]);
}

HF_FILE_OPS(buffer_node, session_own, .open = dev_open, .mmap = buffer_mmap, .read = buffer_read);

int driver_probe(struct dev_node_own *node, struct buffer_node_own *buffer);

int driver_probe(struct dev_node_own *node, struct buffer_node_own *buffer)
{
	hf_let_arc(dev, d, hf_try(hf_new_arc_with(dev, GFP_KERNEL, dev_init, 0)));

	hf_try_errno(hf_set_ok(*node, hf_node_register(dev_node, "dev", hf_clone(d), GFP_KERNEL)));
	return hf_set_ok(*buffer, hf_node_register(buffer_node, "buffer", hf_move(d), GFP_KERNEL));
}
