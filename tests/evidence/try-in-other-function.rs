// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
pub fn start() -> Result<(), i32> { Err(-5) }

#[cfg(misuse)]
pub fn started() -> bool { start()?; true }
#[cfg(not(misuse))]
pub fn started() -> bool { start().is_ok() }
