import type { SeededRandom } from '@cex-arbitrage/common'
import { faultKinds, strangeAnswers, type FaultKind, type FaultRule } from '@cex-arbitrage/simulator'

/** One fault at one venue. */
export interface ScheduledFault {
  readonly exchange: string
  readonly rule: FaultRule
  /** Milliseconds after which it is over. */
  readonly lastsMs: number
}

/** What a kind needs besides its time, and the longest time that a healthy engine has to bear without ending a trade open. */
interface FaultShape {
  readonly maxMs: number
  readonly rule: (random: SeededRandom) => Omit<FaultRule, 'kind'>
}

const share = (random: SeededRandom): { probability: number } => ({ probability: 0.1 + 0.5 * random.next() })
const few = (random: SeededRandom): { count: number } => ({ count: random.integer(1, 4) })

const shapes: Readonly<Record<FaultKind, FaultShape>> = {
  request_delay: { maxMs: 4_000, rule: (random) => ({ ...share(random), delayMs: random.integer(50, 2_500) }) },
  request_drop: { maxMs: 3_000, rule: share },
  rate_limited: { maxMs: 2_000, rule: (random) => ({ ...few(random), retryAfterS: 1 }) },
  error_before: { maxMs: 4_000, rule: (random) => ({ ...share(random), ...modeOf(random, 'html') }) },
  error_after: { maxMs: 4_000, rule: share },
  lost_acknowledgement: {
    maxMs: 5_000,
    rule: (random) => ({ ...share(random), route: 'POST *', ...modeOf(random, 'hang') }),
  },
  response_delay: { maxMs: 4_000, rule: (random) => ({ ...share(random), delayMs: random.integer(50, 2_500) }) },
  response_truncate: { maxMs: 3_000, rule: share },
  stale_response: { maxMs: 3_000, rule: share },
  drop: { maxMs: 3_000, rule: share },
  duplicate: { maxMs: 5_000, rule: share },
  reorder: { maxMs: 5_000, rule: share },
  delay: { maxMs: 5_000, rule: (random) => ({ ...share(random), delayMs: random.integer(20, 1_500) }) },
  gap: { maxMs: 2_000, rule: few },
  truncate: { maxMs: 2_000, rule: few },
  stall: { maxMs: 6_000, rule: (random) => ({ scope: random.next() < 0.5 ? 'public' : 'private' }) },
  strange_answer: { maxMs: 2_000, rule: (random) => ({ ...share(random), mode: random.pick(strangeAnswers) }) },
  half_open: { maxMs: 6_000, rule: () => ({}) },
  disconnect: { maxMs: 1_000, rule: () => ({}) },
  refuse_connection: { maxMs: 3_000, rule: () => ({}) },
  late_fill: { maxMs: 5_000, rule: (random) => ({ ...share(random), delayMs: random.integer(50, 3_000) }) },
  late_refusal: { maxMs: 3_000, rule: (random) => ({ ...share(random), delayMs: random.integer(5, 500) }) },
  cancel_race: { maxMs: 5_000, rule: (random) => ({ ...share(random), fraction: 0.2 + 0.8 * random.next() }) },
  clock_skew: {
    maxMs: 5_000,
    rule: (random) => ({ offsetMs: random.integer(200, 3_000) * (random.next() < 0.5 ? -1 : 1) }),
  },
  maintenance: { maxMs: 3_000, rule: () => ({}) },
  session_expiry: { maxMs: 1_000, rule: () => ({ count: 1 }) },
}

const minLastsMs = 300

/** A random fault of a random kind; every kind comes up as often. */
export function drawFault(random: SeededRandom, exchanges: readonly [string, ...string[]]): ScheduledFault {
  const kind = random.pick(faultKinds)
  const { maxMs, rule } = shapes[kind]
  const lastsMs = random.integer(minLastsMs, maxMs)
  return { exchange: random.pick(exchanges), lastsMs, rule: { kind, durationMs: lastsMs, ...rule(random) } }
}

function modeOf(random: SeededRandom, mode: 'html' | 'hang'): { readonly mode?: 'html' | 'hang' } {
  return random.next() < 0.5 ? { mode } : {}
}
