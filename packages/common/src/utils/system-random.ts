import { randomBytes } from 'node:crypto'
import type { Random } from '../types/random.js'

/** The machine's randomness; the one place that reads it. */
export const systemRandom: Random = { next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48 }
