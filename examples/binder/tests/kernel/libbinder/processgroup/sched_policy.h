/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* libbinder includes this header and uses nothing of it. */
