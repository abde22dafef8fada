// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <string.h>

#include "model.h"

#define BUFFER_AT	0x40000u

static u64 *long_register(struct edu_model *m, size_t offset)
{
	switch (offset) {
	case 0x80:
		return &m->source;
	case 0x88:
		return &m->destination;
	case 0x90:
		return &m->count;
	case 0x98:
		return &m->command;
	default:
		return NULL;
	}
}

static u64 read_register(const struct edu_model *m, size_t offset)
{
	switch (offset) {
	case 0x00:
		return m->id;
	case 0x08:
		return m->factorial;
	case 0x20:
		return m->status;
	case 0x24:
		return m->irq_status;
	case 0x98:
		return m->command;
	default:
		return ~0ull;
	}
}

static u64 model_read(void *ctx, size_t offset, unsigned int width)
{
	struct edu_model *m = ctx;
	u64 value = ~0ull;

	pthread_mutex_lock(&m->lock);
	if (!m->removed && (width == 4 || (width == 8 && offset >= 0x80)))
		value = read_register(m, offset);
	pthread_mutex_unlock(&m->lock);
	return value;
}

static void write_register(struct edu_model *m, size_t offset, u64 value)
{
	u64 *const place = long_register(m, offset);

	/* While the device transfers, it ignores these, which no driver expects. */
	if (place && m->command & 1)
		m->errors++;
	else if (place)
		*place = value;
	else if (offset == 0x08 && m->status & 1)
		m->errors++;
	else if (offset == 0x08) {
		m->factorial = (u32)value;
		m->status |= 1;
	} else if (offset == 0x20)
		m->status = (m->status & 1) | ((u32)value & 0x80);
	else if (offset == 0x64)
		m->irq_status &= ~(u32)value;
	else
		m->errors++;
}

static void model_write(void *ctx, size_t offset, unsigned int width, u64 value)
{
	struct edu_model *m = ctx;

	pthread_mutex_lock(&m->lock);
	if (m->removed)
		;
	else if (width == 4 || (width == 8 && offset >= 0x80))
		write_register(m, offset, value);
	else
		m->errors++;
	pthread_mutex_unlock(&m->lock);
}

/* Whether the transfer is inside the buffer, and does not reach its end, at which QEMU 7.2 aborts. */
static bool is_inside(u64 at, u64 n)
{
	return at >= BUFFER_AT && at < BUFFER_AT + 4096u && n && n < 4096u - (at - BUFFER_AT);
}

static void transfer(struct edu_model *m)
{
	const bool to_memory = m->command & 2;
	const u64 inside = to_memory ? m->source : m->destination;
	const u64 outside = to_memory ? m->destination : m->source;

	m->transfers++;
	if (!is_inside(inside, m->count) ||
	    hf_user_iommu_access(m->iommu, outside, m->buffer + (inside - BUFFER_AT), (size_t)m->count, to_memory))
		m->errors++;
}

static u32 factorial(u32 n)
{
	u32 f = 1;

	for (; n; n--)
		f *= n;
	return f;
}

void edu_model_raise(struct edu_model *m, u32 why)
{
	bool raise;

	pthread_mutex_lock(&m->lock);
	m->irq_status |= why;
	raise = !m->stopped;
	pthread_mutex_unlock(&m->lock);
	if (raise)
		hf_user_irq_raise(&m->irq);
}

void edu_model_step(struct edu_model *m)
{
	u32 why = 0;

	pthread_mutex_lock(&m->lock);
	if (!m->stalled && m->status & 1) {
		m->factorial = factorial(m->factorial);
		m->status &= ~1u;
		why |= m->status & 0x80 ? 0x1 : 0;
	}
	if (!m->stalled && m->command & 1) {
		if (!m->stopped)
			transfer(m);
		m->command &= ~(u64)1;
		why |= m->command & 4 ? 0x100 : 0;
	}
	pthread_mutex_unlock(&m->lock);
	if (why)
		edu_model_raise(m, why);
}

void edu_model_init(struct edu_model *m, struct hf_user_iommu *iommu)
{
	memset(m, 0, sizeof(*m));
	m->id = 0x010000ed;
	m->iommu = iommu;
	hf_user_irq_init(&m->irq);
	pthread_mutex_init(&m->lock, NULL);
}

void edu_model_fini(struct edu_model *m)
{
	pthread_mutex_destroy(&m->lock);
	hf_user_irq_fini(&m->irq);
}

struct hf_io edu_model_io(struct edu_model *m, size_t size)
{
	static const struct hf_user_io_ops ops = { .read = model_read, .write = model_write };

	return hf_user_io_model(&ops, m, size);
}
