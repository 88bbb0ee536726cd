import {
  RateLimitException,
  ShuttingDownException,
  usPerMs,
  type CexArbitrageException,
  type Clock,
  type ExchangeId,
} from '@cex-arbitrage/common'
import { HeldBatch, HeldPermit, HeldTradePermit } from './held-permit.js'
import type { RatePermit, TradePermit } from './rate-permit.js'
import { RateQueue, type Waiter } from './rate-queue.js'
import type { RateCost, RateObservation, RateUsage, RateWindowSpec } from './rate-window-spec.js'
import { RateWindows, type WindowShare } from './rate-windows.js'
import { isPrivileged, priorityRank, type RequestPriority } from './request-priority.js'

export interface RateLimiterOptions {
  readonly windows: readonly RateWindowSpec[]
  readonly clock: Clock
  /** Requests that may wait at once; 10,000 by default. */
  readonly maxQueued?: number
  /** Put on exceptions; otherwise without meaning here. */
  readonly exchange?: ExchangeId
}

/** One request as the limiter sees it. */
export interface RateRequest {
  readonly costs: readonly RateCost[]
  readonly priority: RequestPriority
}

/** So many requests alike. */
export interface AdmissionRequest extends RateRequest {
  readonly count: number
}

export interface AcquireOptions {
  /** Milliseconds to wait at most; 0 takes a permit now or fails. */
  readonly maxWaitMs: number
  readonly signal?: AbortSignal
}

/**
 * Several named weight windows, of which a request takes from one or more. Waiting requests go by priority, then first
 * come first served; a reserve stays for hedges and cancels; whole trades are admitted at once or not at all. Never
 * more than the capacity of a window is spent within any of its intervals.
 *
 * Every method that names a window throws a `ConfigurationException` when it is not declared.
 */
export class RateLimiter {
  private readonly windows: RateWindows
  private readonly queue: RateQueue
  private readonly clock: Clock
  private readonly maxQueued: number
  private readonly exchange: ExchangeId | undefined
  private isClosed = false

  /** @throws ConfigurationException when a window makes no sense. */
  constructor(options: RateLimiterOptions) {
    this.windows = new RateWindows(options.windows)
    this.clock = options.clock
    this.queue = new RateQueue(options.clock)
    this.maxQueued = options.maxQueued ?? 10_000
    this.exchange = options.exchange
  }

  /** Requests that wait. */
  get queued(): number {
    return this.queue.size
  }

  /** The names of all windows. */
  get windowNames(): readonly string[] {
    return this.windows.names
  }

  /**
   * Waits for its turn. The permit must be spent when the request is written, or released.
   *
   * @throws RateLimitException It would wait, or has waited, too long, too many wait already, or `signal` was aborted.
   * @throws ShuttingDownException The limiter is closed.
   */
  acquire(request: RateRequest, options: AcquireOptions): Promise<RatePermit> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) throw this.createClosed()
      const nowUs = this.clock.nowUs()
      const shares = this.windows.resolve(request, nowUs)
      if (this.fits(shares, request, nowUs)) return resolve(this.hold(shares, request))
      this.assertMayWait(shares, request, options, nowUs)
      this.wait(shares, request, options, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)))
    })
  }

  /** Takes a permit if one is free now and nobody waits who goes before. */
  tryAcquire(request: RateRequest): RatePermit | undefined {
    return this.tryHold(request)
  }

  /** Admits all of them or none: the legs, cancels and unwind of one trade. Their weights stay held until used. */
  tryAdmit(requests: readonly AdmissionRequest[]): TradePermit | undefined {
    if (this.isClosed) return undefined
    const nowUs = this.clock.nowUs()
    const batches: HeldBatch[] = []
    for (const request of requests) {
      const { count } = request
      const shares = this.windows.resolve(request, nowUs)
      if (count > 0 && !this.fits(shares, request, nowUs, count)) {
        for (const batch of batches) batch.giveBack()
        return undefined
      }
      const privileged = isPrivileged(request.priority)
      for (const { window, weight } of shares) window.hold(weight * count, privileged, nowUs)
      batches.push(new HeldBatch(shares, privileged, count, this.clock, this.queue))
    }
    return new HeldTradePermit(batches, this.queue)
  }

  /** Lets nothing through a window for `durationMs`, hedges and cancels included; without `key`, on all of its keys. */
  pause(window: string, durationMs: number, key?: string): void {
    const nowUs = this.clock.nowUs()
    const untilUs = nowUs + durationMs * usPerMs
    this.windows.get(window, key, nowUs).pauseUntil(untilUs)
    if (key === undefined) this.windows.pauseAllOf(window, untilUs)
    this.queue.pump()
  }

  /** Pauses every window: the venue holds off the whole address. */
  pauseAll(durationMs: number): void {
    for (const name of this.windows.names) this.pause(name, durationMs)
  }

  /** Takes over what the venue said. */
  observe(observation: RateObservation): void {
    const nowUs = this.clock.nowUs()
    if (observation.remaining !== undefined)
      this.windows.get(observation.window, observation.key, nowUs).lowerTo(observation.remaining, nowUs)
    if (observation.pauseMs !== undefined && observation.pauseMs > 0)
      this.pause(observation.window, observation.pauseMs, observation.key)
  }

  getUsage(window: string, key?: string): RateUsage {
    const nowUs = this.clock.nowUs()
    return this.windows.get(window, key, nowUs).getUsage(nowUs)
  }

  /** Turns away whoever waits, with a `ShuttingDownException`, and gives no more permits. */
  close(): void {
    this.isClosed = true
    this.queue.clear(() => this.createClosed())
  }

  private tryHold(request: RateRequest): HeldPermit | undefined {
    if (this.isClosed) return undefined
    const nowUs = this.clock.nowUs()
    const shares = this.windows.resolve(request, nowUs)
    return this.fits(shares, request, nowUs) ? this.hold(shares, request) : undefined
  }

  private fits(shares: readonly WindowShare[], request: RateRequest, nowUs: number, count = 1): boolean {
    const privileged = isPrivileged(request.priority)
    const rank = priorityRank(request.priority)
    for (const { window, weight } of shares)
      if (!window.fits(weight, privileged, this.queue.getClaimed(window, rank), nowUs, count)) return false
    return true
  }

  private hold(shares: readonly WindowShare[], request: RateRequest): HeldPermit {
    const privileged = isPrivileged(request.priority)
    const nowUs = this.clock.nowUs()
    for (const { window, weight } of shares) window.hold(weight, privileged, nowUs)
    return new HeldPermit(shares, privileged, this.clock, this.queue)
  }

  private assertMayWait(
    shares: readonly WindowShare[],
    request: RateRequest,
    { maxWaitMs, signal }: AcquireOptions,
    nowUs: number,
  ): void {
    if (signal?.aborted === true) throw this.createRefusal('was given up', undefined)
    if (this.queue.size >= this.maxQueued)
      throw this.createRefusal(`found ${this.maxQueued} others waiting for the rate limit`, undefined)
    const privileged = isPrivileged(request.priority)
    let atUs = nowUs
    for (const { window, weight } of shares) atUs = Math.max(atUs, window.getFreeAtUs(weight, privileged, nowUs, true))
    if (maxWaitMs <= 0 || atUs > nowUs + maxWaitMs * usPerMs)
      throw this.createRefusal(`may wait ${maxWaitMs} ms for the rate limit, which is too short`, atUs - nowUs)
  }

  private wait(
    shares: readonly WindowShare[],
    request: RateRequest,
    { maxWaitMs, signal }: AcquireOptions,
    settle: (outcome: RatePermit | CexArbitrageException) => void,
  ): void {
    const onAbort = (): void => {
      if (!this.queue.remove(waiter)) return
      waiter.settle(this.createRefusal('was given up while it waited for the rate limit', undefined))
      this.queue.pump()
    }
    const waiter: Waiter = {
      rank: priorityRank(request.priority),
      privileged: isPrivileged(request.priority),
      shares,
      deadlineUs: this.clock.nowUs() + maxWaitMs * usPerMs,
      grant: () => this.hold(shares, request),
      settle: (outcome) => {
        signal?.removeEventListener('abort', onAbort)
        settle(outcome)
      },
      createTimeout: () => this.createRefusal(`waited ${maxWaitMs} ms in vain for the rate limit`, undefined),
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    this.queue.add(waiter)
  }

  private createRefusal(what: string, waitUs: number | undefined): RateLimitException {
    return new RateLimitException({
      message: `A request ${what}; nothing was sent. Ask less often or raise the maximum wait.`,
      exchange: this.exchange,
      ...(waitUs !== undefined && { retryAfterMs: Math.ceil(waitUs / usPerMs) }),
    })
  }

  private createClosed(): ShuttingDownException {
    return new ShuttingDownException({
      message: 'The rate limiter is closed; nothing was sent.',
      exchange: this.exchange,
    })
  }
}
