/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * All of Holdfast.
 */
#ifndef HOLDFAST_HOLDFAST_H
#define HOLDFAST_HOLDFAST_H

#include <holdfast/analysis.h>
#include <holdfast/arc.h>
#include <holdfast/check.h>
#include <holdfast/cursor.h>
#include <holdfast/dma.h>
#include <holdfast/dyn.h>
#include <holdfast/file.h>
#include <holdfast/foreign.h>
#include <holdfast/idmap.h>
#include <holdfast/irq.h>
#include <holdfast/list.h>
#include <holdfast/lock.h>
#include <holdfast/map.h>
#include <holdfast/mmio.h>
#include <holdfast/num.h>
#include <holdfast/own.h>
#include <holdfast/pages.h>
#include <holdfast/pin.h>
#include <holdfast/rcu.h>
#include <holdfast/ref.h>
#include <holdfast/result.h>
#include <holdfast/revocable.h>
#include <holdfast/scope.h>
#include <holdfast/slice.h>
#include <holdfast/thread.h>
#include <holdfast/timer.h>
#include <holdfast/token.h>
#include <holdfast/vec.h>
#include <holdfast/version.h>
#include <holdfast/wait.h>
#include <holdfast/work.h>

#endif
