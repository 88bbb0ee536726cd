/** Mixes integers to one of 32 bits; the same input gives the same output everywhere. */
export function hash32(...parts: readonly number[]): number {
  let state = 0x9e3779b9
  for (const part of parts) {
    state = Math.imul(state ^ (part | 0), 0x85ebca6b)
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
    state ^= state >>> 16
  }
  return state >>> 0
}

/** As `hash32`, uniform in [0, 1). */
export const hashUnit = (...parts: readonly number[]): number => hash32(...parts) / 2 ** 32

/** A text as an integer for `hash32`. */
export function hashText(text: string): number {
  let state = 0x811c9dc5
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193)
  return state >>> 0
}

/** Smooth noise in [-1, 1] that takes a new random value at every integer `x`. */
export function smoothNoise(seed: number, x: number): number {
  const whole = Math.floor(x)
  const part = x - whole
  const weight = part * part * (3 - 2 * part)
  const left = hashUnit(seed, whole)
  const right = hashUnit(seed, whole + 1)
  return (left + (right - left) * weight) * 2 - 1
}
