// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: a member without a value
#![allow(dead_code)]
use std::sync::Mutex;
pub struct Dev { pub hits: Mutex<i32>, pub id: i32 }

#[cfg(misuse)]
pub fn f(id: i32) -> Box<Dev> { Box::new(Dev { id }) }
#[cfg(not(misuse))]
pub fn f(id: i32) -> Box<Dev> { Box::new(Dev { hits: Mutex::new(0), id }) }
