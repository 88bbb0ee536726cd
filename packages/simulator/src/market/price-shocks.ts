import { hashUnit } from './hash-noise.js'

/** Pushes of a price that come and go: at most one per slot, drawn from a seed. */
export interface ShockOptions {
  /** Milliseconds. */
  readonly slotMs: number
  /** Chance that a pair of slots has them, 0 to 1. */
  readonly probability: number
  readonly minBps: number
  readonly maxBps: number
  readonly minDurationMs: number
  readonly maxDurationMs: number
}

/** Number of the pair of slots that a moment is in. */
export const shockPair = ({ slotMs }: ShockOptions, atMs: number): number => Math.floor(Math.floor(atMs / slotMs) / 2)

/** How far a price is pushed now, bps; mostly 0. Two slots in a row push for as long, once up and once down. */
export function shockBps(seed: number, options: ShockOptions, atMs: number): number {
  const { maxBps, maxDurationMs, minBps, minDurationMs, probability, slotMs } = options
  const slot = Math.floor(atMs / slotMs)
  const pair = shockPair(options, atMs)
  if (hashUnit(seed, pair, 1) >= probability) return 0
  const durationMs = Math.min(slotMs, minDurationMs + hashUnit(seed, pair, 3) * (maxDurationMs - minDurationMs))
  const beginMs = slot * slotMs + hashUnit(seed, slot, 4) * (slotMs - durationMs)
  if (atMs < beginMs || atMs >= beginMs + durationMs) return 0
  const bps = minBps + hashUnit(seed, slot, 5) * (maxBps - minBps)
  return hashUnit(seed, pair, 6) < 0.5 === (slot % 2 === 0) ? -bps : bps
}
