// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: no turn of a loop set the error that is returned behind it
// rule: result-misused
// compilers: none
// checker: 'status' may still be 0 when the loop has come to its end
#include <holdfast/num.h>

struct phy;
bool phy_link(const struct phy *p);
int phy_speed(const struct phy *p);
void phy_pause(void);

struct u32_result phy_wait(const struct phy *p, u32 tries);
struct u32_result phy_wait(const struct phy *p, u32 tries)
{
#ifdef MISUSE
	int status = 0;
#else
	int status = -ETIMEDOUT;
#endif

	while (tries--) {
		if (phy_link(p)) {
			const int speed = phy_speed(p);

			if (speed >= 0)
				return hf_ok(u32, (u32)speed);
			status = speed;
			break;
		}
		phy_pause();
	}
	return hf_err(u32, status); /* E */
}
