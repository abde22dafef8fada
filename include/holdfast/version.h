/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The version of Holdfast.  CMake, pkg-config, the kernel modules, the tools and the reference read it here.
 *
 *	#if HF_VERSION < HF_VERSION_OF(0, 2, 0)
 *	#error "this driver needs Holdfast 0.2"
 *	#endif
 *
 * Before 1.0 a minor version may change the interface.
 */
#ifndef HOLDFAST_VERSION_H
#define HOLDFAST_VERSION_H

#define HF_VERSION_MAJOR 0	/**< incompatible changes, from 1 on */
#define HF_VERSION_MINOR 1	/**< additions; before 1.0 also incompatible changes */
#define HF_VERSION_PATCH 0	/**< corrections */

/** HF_VERSION_OF() - a version as a number, for comparisons. */
#define HF_VERSION_OF(major, minor, patch)	((major) * 10000 + (minor) * 100 + (patch))
/** This version as a number. */
#define HF_VERSION	HF_VERSION_OF(HF_VERSION_MAJOR, HF_VERSION_MINOR, HF_VERSION_PATCH)
/** This version as a string: "0.1.0". */
#define HF_VERSION_STRING							\
	HF_VERSION_TEXT_(HF_VERSION_MAJOR) "." HF_VERSION_TEXT_(HF_VERSION_MINOR) "." \
	HF_VERSION_TEXT_(HF_VERSION_PATCH)
#define HF_VERSION_TEXT_(n)	HF_VERSION_TEXT_OF_(n)
#define HF_VERSION_TEXT_OF_(n)	#n

#endif
