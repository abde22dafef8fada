// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#![allow(dead_code)]
pub trait Shape { fn id(&self) -> i32; }
pub struct Circle { pub radius: i32 }
pub struct Square { pub side: i32 }
impl Shape for Circle { fn id(&self) -> i32 { self.radius } }
impl Shape for Square { fn id(&self) -> i32 { self.side } }

#[cfg(misuse)]
pub fn f(s: &dyn Shape) -> i32 { (s as &Square).side }
#[cfg(not(misuse))]
pub fn f(s: &dyn Shape) -> i32 { s.id() }
