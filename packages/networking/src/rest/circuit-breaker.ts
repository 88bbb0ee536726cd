import { CircuitOpenException, usPerMs, type Clock, type CorrelationId, type ExchangeId } from '@cex-arbitrage/common'
import { isPrivileged, type RequestPriority } from './request-priority.js'

export interface CircuitBreakerOptions {
  /** Milliseconds over which failures are counted; 10,000 by default. */
  readonly windowMs?: number
  /** Calls within the window below which it never opens; 10 by default. */
  readonly minimumCalls?: number
  /** Share of failures that opens it, in (0, 1]; 0.5 by default. */
  readonly failureRate?: number
  /** Milliseconds it stays open before it lets probes through; twice as long after each probe that failed; 500 by default. */
  readonly openMs?: number
  /** Longest milliseconds it stays open; 10,000 by default. */
  readonly maxOpenMs?: number
  /** Probes at once, and successes in a row needed to close it again; 2 by default. */
  readonly probes?: number
  /** Whether hedges and cancels pass while it is open; `true` by default. */
  readonly letPrivilegedPass?: boolean
}

export type CircuitState = 'closed' | 'open' | 'half-open'
/** `ignored` says nothing about the venue's health: a request that was never sent. */
export type CallOutcome = 'success' | 'failure' | 'ignored'

/** A call that was let through; report its outcome once. */
export interface CircuitPass {
  report(outcome: CallOutcome): void
}

interface Slice {
  readonly number: number
  calls: number
  failures: number
}

const sliceCount = 10

/** Holds a venue off after repeated failures: closed, open, half-open with a few probes, closed again. */
export class CircuitBreaker {
  private readonly windowMs: number
  private readonly minimumCalls: number
  private readonly failureRate: number
  private readonly initialOpenMs: number
  private readonly maxOpenMs: number
  private readonly probes: number
  private readonly letPrivilegedPass: boolean
  private slices: Slice[] = []
  private openedAtUs: number | undefined
  /** How long it is open this time. */
  private openMs: number
  private probesUnderWay = 0
  private probeSuccesses = 0
  /** Rises with each change between closed and open, so that reports of earlier calls are recognised. */
  private generation = 0

  constructor(
    private readonly clock: Clock,
    options: CircuitBreakerOptions = {},
  ) {
    this.windowMs = options.windowMs ?? 10_000
    this.minimumCalls = options.minimumCalls ?? 10
    this.failureRate = options.failureRate ?? 0.5
    this.initialOpenMs = options.openMs ?? 500
    this.maxOpenMs = Math.max(this.initialOpenMs, options.maxOpenMs ?? 10_000)
    this.openMs = this.initialOpenMs
    this.probes = options.probes ?? 2
    this.letPrivilegedPass = options.letPrivilegedPass ?? true
  }

  get state(): CircuitState {
    if (this.openedAtUs === undefined) return 'closed'
    return this.retryAfterMs > 0 ? 'open' : 'half-open'
  }

  /** Milliseconds until probes are let through; 0 when closed or half-open. */
  get retryAfterMs(): number {
    if (this.openedAtUs === undefined) return 0
    return Math.max(0, this.openMs - (this.clock.nowUs() - this.openedAtUs) / usPerMs)
  }

  /** Whether `enter` would let it through now. */
  canEnter(priority: RequestPriority): boolean {
    if (this.openedAtUs === undefined || (this.letPrivilegedPass && isPrivileged(priority))) return true
    return this.retryAfterMs === 0 && this.probesUnderWay < this.probes
  }

  /** @throws CircuitOpenException Held off; nothing was sent. */
  enter(
    priority: RequestPriority,
    context: { exchange?: ExchangeId | undefined; correlationId?: CorrelationId },
  ): CircuitPass {
    if (!this.canEnter(priority))
      throw new CircuitOpenException({
        message: `The circuit is ${this.state} after repeated failures; nothing was sent. Wait for it to close.`,
        retryAfterMs: Math.ceil(this.retryAfterMs),
        ...context,
      })
    const { generation } = this
    const isProbe = this.state === 'half-open' && this.probesUnderWay < this.probes
    if (isProbe) this.probesUnderWay++
    let isReported = false
    return {
      report: (outcome) => {
        if (isReported) return
        isReported = true
        if (generation !== this.generation) return
        if (isProbe) this.onProbe(outcome)
        else if (this.openedAtUs === undefined && outcome !== 'ignored') this.onCall(outcome === 'failure')
      },
    }
  }

  private onProbe(outcome: CallOutcome): void {
    this.probesUnderWay--
    if (outcome === 'failure') this.open(Math.min(this.maxOpenMs, 2 * this.openMs))
    else if (outcome === 'success' && ++this.probeSuccesses >= this.probes) this.change(undefined)
  }

  private onCall(hasFailed: boolean): void {
    const number = Math.floor(this.clock.nowUs() / ((this.windowMs * usPerMs) / sliceCount))
    this.slices = this.slices.filter((slice) => number - slice.number < sliceCount)
    let slice = this.slices.at(-1)
    if (slice?.number !== number) this.slices.push((slice = { number, calls: 0, failures: 0 }))
    slice.calls++
    if (!hasFailed) return
    slice.failures++
    const calls = this.slices.reduce((sum, each) => sum + each.calls, 0)
    const failures = this.slices.reduce((sum, each) => sum + each.failures, 0)
    if (calls >= this.minimumCalls && failures / calls >= this.failureRate) this.open(this.initialOpenMs)
  }

  private open(openMs: number): void {
    this.openMs = openMs
    this.change(this.clock.nowUs())
  }

  private change(openedAtUs: number | undefined): void {
    this.openedAtUs = openedAtUs
    this.generation++
    this.slices = []
    this.probesUnderWay = 0
    this.probeSuccesses = 0
  }
}
