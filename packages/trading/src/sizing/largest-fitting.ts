import type { SizeExcess } from './sizing-request.js'

/** A size short of the largest one by this part is good enough; below ten thousand steps it is the largest. */
const precision = 10_000n

/** The largest size found, with the number of its steps, and what bounded those that were too large. */
export interface FittingSize<Size> {
  readonly best: Size | undefined
  readonly steps: bigint
  readonly excess: SizeExcess | undefined
}

/**
 * Whatever bounds a size from above keeps bounding it as it grows, so the largest that fits is found by bisection, mostly
 * at the first try.
 *
 * @param most - A number of steps that no size goes beyond.
 * @param evaluate - What so many steps come to, or why they are too many.
 * @param likely - Tried first; from one to `most`.
 */
export function findLargestFitting<Size extends object>(
  most: bigint,
  evaluate: (steps: bigint) => Size | SizeExcess,
  likely = most,
): FittingSize<Size> {
  let next = likely
  let steps = 0n
  let failing = most + 1n
  let best: Size | undefined
  let excess: SizeExcess | undefined
  while (failing - steps > 1n + steps / precision) {
    const size = evaluate(next)
    if (typeof size === 'string') {
      excess = size
      failing = next
    } else {
      best = size
      steps = next
    }
    next = (steps + failing) / 2n
  }
  return { best, steps, excess }
}
