/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What libbinder uses without including it: Android's headers include it in others. */
#include <bits/stdc++.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#include <linux/android/binder.h>
/* libbinder declares itself what it finds no macro for; here these are enumerators. */
#define _UAPI_LINUX_BINDER_H
#define BINDER_FREEZE BINDER_FREEZE
#define BINDER_GET_FROZEN_INFO BINDER_GET_FROZEN_INFO
#define BINDER_ENABLE_ONEWAY_SPAM_DETECTION BINDER_ENABLE_ONEWAY_SPAM_DETECTION
#define BR_FROZEN_REPLY BR_FROZEN_REPLY
#define BR_ONEWAY_SPAM_SUSPECT BR_ONEWAY_SPAM_SUSPECT
#define BR_TRANSACTION_PENDING_FROZEN BR_TRANSACTION_PENDING_FROZEN
/* Of Android's driver. */
#define FLAT_BINDER_FLAG_SCHED_POLICY_SHIFT 9
#define FLAT_BINDER_FLAG_INHERIT_RT 0x800

#define PAGE_SIZE 4096
