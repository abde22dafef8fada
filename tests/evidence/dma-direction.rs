// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: the direction is a value, as kernel::dma::DataDirection is
#![allow(dead_code)]
pub enum Direction { ToDevice, FromDevice }
pub struct Mapping(pub usize, pub Direction);
pub fn map(buf: &[u8], direction: Direction) -> Mapping { Mapping(buf.as_ptr() as usize, direction) }

#[cfg(misuse)]
pub fn f(buf: &[u8]) -> Mapping { map(buf, Direction::FromDevice) }
#[cfg(not(misuse))]
pub fn f(buf: &[u8]) -> Mapping { map(buf, Direction::ToDevice) }
