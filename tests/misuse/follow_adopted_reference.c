// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer that a lookup reads from another object, adopted as a reference
// rule: owner-copied
// compilers: none
// checker: master' still has the pointer when the function ends
#include <holdfast/holdfast.h>

/* Somebody else's. */
struct phy {
	struct phy *master;
	bool linked;
};

void phy_get(struct phy *p);
void phy_put(struct phy *p);

HF_REF_DEFINE(phy, struct phy, phy_get, phy_put);

static struct phy *master_of(const struct phy *p)
{
	return p->linked ? p->master : NULL;
}

int f(struct phy *p, struct phy_arc *out);
int f(struct phy *p, struct phy_arc *out)
{
#ifdef MISUSE
	/* SAFETY: the lookup gives a reference. */
	hf_try_errno(hf_set_ok(*out, hf_adopt_ref_unchecked(phy, master_of(p)))); /* E */
#else
	if (!master_of(p))
		return -ENOENT;
	hf_set(*out, hf_arc_from(phy, master_of(p)));
#endif
	return 0;
}
