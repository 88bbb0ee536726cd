import { expect, it } from 'vitest'
import { FrameLateness } from './frame-lateness.js'

const startMs = 1_755_000_000_000
/** A frame sent at `sentMs` that takes `wayMs`, on a monotonic clock that began at the start. */
const late = (lateness: FrameLateness, sentMs: number, wayMs: number): number =>
  lateness.measureUs((sentMs + wayMs) * 1_000, startMs + sentMs) / 1_000

it('measures how much later a frame comes than the quickest, and forgives the rhythm of a stream', () => {
  const lateness = new FrameLateness()
  expect(late(lateness, 0, 40)).toBe(0)
  expect(late(lateness, 100, 20)).toBe(0)
  expect(late(lateness, 200, 260)).toBe(0)
  expect(late(lateness, 300, 2_520)).toBe(2_500)
  expect(late(lateness, 3_000, 25)).toBe(0)
})

it('takes a way that stays long for the usual one after two minutes at most', () => {
  const lateness = new FrameLateness()
  late(lateness, 0, 20)
  expect(late(lateness, 59_000, 520)).toBe(500)
  expect(late(lateness, 61_000, 520)).toBe(500)
  expect(late(lateness, 122_000, 520)).toBe(0)
})

it('knows nothing of frames without a time', () => {
  expect(new FrameLateness().measureUs(1_000_000, 0)).toBe(0)
})

/** The quickest way that a measurement allows whose error is 5 ms. */
const quickestWayUs = -startMs * 1_000 - 5_000

it('learns from a measured clock that frames only seemed quick while the clock stood elsewhere', () => {
  const lateness = new FrameLateness()
  // The exchange's clock is three seconds ahead for a while.
  expect(lateness.measureUs(20_000, startMs + 3_000)).toBe(0)
  expect(late(lateness, 100, 20)).toBe(3_000)
  expect(lateness.isLate).toBe(true)
  lateness.bound(quickestWayUs, 120_000)
  lateness.bound(quickestWayUs, 2_120_000)
  expect(late(lateness, 3_300, 20)).toBe(3_000)
  expect(late(lateness, 3_400, 20)).toBe(0)
  expect(late(lateness, 3_500, 1_020)).toBeCloseTo(1_025)
})

it('does not take a frame for punctual that is late by as much as the clock has been set back since it was sent', () => {
  const lateness = new FrameLateness()
  expect(lateness.measureUs(20_000, startMs + 3_000)).toBe(0)
  // Sent at 100 ms, while the clock was three seconds ahead; set back and measured at two seconds.
  lateness.bound(quickestWayUs, 2_000_000)
  expect(lateness.measureUs(3_120_000, startMs + 3_100)).toBe(3_000_000)
})

it('forgets a bound when the clock goes ahead again', () => {
  const lateness = new FrameLateness()
  expect(lateness.measureUs(20_000, startMs + 3_000)).toBe(0)
  lateness.bound(quickestWayUs, 100_000)
  lateness.bound(quickestWayUs - 3_000_000, 200_000)
  expect(lateness.measureUs(9_020_000, startMs + 9_000)).toBe(3_000_000)
})

it('tells a stream that is late from its first frame on by the measured clock, until that is its rhythm', () => {
  const lateness = new FrameLateness()
  lateness.bound(quickestWayUs, 0)
  expect(late(lateness, 0, 2_500)).toBeCloseTo(1_755)
  expect(lateness.isLate).toBe(true)
  expect(late(lateness, 59_000, 2_500)).toBeCloseTo(1_755)
  expect(late(lateness, 63_000, 2_500)).toBe(0)
})

it('allows the first frames the error of a measurement and what the exchange needs to send', () => {
  const lateness = new FrameLateness()
  lateness.bound(quickestWayUs, 0)
  expect(late(lateness, 0, 900)).toBe(0)
  expect(late(lateness, 1_000, 20)).toBe(0)
  expect(late(lateness, 2_000, 900)).toBe(880)
})
