import { sleep, usPerMs, type Clock, type Logger } from '@cex-arbitrage/common'
import type { Heartbeat } from './heartbeat-file.js'

/** Looks within the patience, so that the reaction is not much later than it. */
const looksPerTimeout = 10
const maxLookMs = 250
/** Orders that were on their way when the engine died arrive within this. */
const settleMs = 1_000
/** Rounds without an order of ours until nothing more is expected. */
const cleanRounds = 3

export interface WatchdogOptions {
  /** Milliseconds without a beat after which the engine counts as dead. */
  readonly timeoutMs: number
  /** Of the engine that is watched; the first that is seen when absent. */
  readonly fencingToken: number | undefined
  readonly readBeat: () => Promise<Heartbeat | undefined>
  /**
   * Cancels every order of ours, asking `isSilent` before each; answers whether none was left.
   */
  readonly cancelOrders: (isSilent: () => Promise<boolean>) => Promise<boolean>
  /** Whether a process of this id exists. */
  readonly isRunning: (pid: number) => boolean
  readonly clock: Clock
  readonly log: Logger
}

/**
 * How a watch ended: the engine `stopped` by itself; it died and its orders are `cancelled`; a newer engine has taken
 * over (`superseded`); or the watch itself was `ended`.
 */
export type WatchEnd = 'stopped' | 'cancelled' | 'superseded' | 'ended'

/**
 * Watches an engine's heart and cancels its orders when it stops. A live engine is never hit: a beat that comes while
 * cancelling ends that at once, and a beat of a newer engine, which has settled the orders of the old one itself, ends the
 * watch.
 */
export class Watchdog {
  private last: Heartbeat | undefined
  private lastBeatUs: number
  private token: number | undefined

  constructor(private readonly options: WatchdogOptions) {
    this.lastBeatUs = options.clock.nowUs()
    this.token = options.fencingToken
  }

  async run(signal: AbortSignal): Promise<WatchEnd> {
    const { clock, timeoutMs, log } = this.options
    while (!signal.aborted) {
      await this.look()
      if (this.isSuperseded) return 'superseded'
      if (this.last?.state === 'stopped') return 'stopped'
      if (this.silentMs >= timeoutMs) {
        log.error({ silentMs: this.silentMs, pid: this.last?.pid }, 'the engine is silent; cancelling its orders')
        if ((await this.cancelAll(signal)) && !this.isEngineRunning) return 'cancelled'
      }
      await sleep(clock, Math.min(maxLookMs, timeoutMs / looksPerTimeout))
    }
    return 'ended'
  }

  /** Whether all rounds were clean; `false` when the engine lives. */
  private async cancelAll(signal: AbortSignal): Promise<boolean> {
    const { clock, log, cancelOrders } = this.options
    const isSilent = async (): Promise<boolean> => {
      await this.look()
      return this.silentMs > 0 && !this.isSuperseded
    }
    for (let clean = 0; clean < cleanRounds && !signal.aborted;) {
      this.lastBeatUs = Math.min(this.lastBeatUs, clock.nowUs() - 1)
      clean = (await cancelOrders(isSilent)) ? clean + 1 : 0
      if (!(await isSilent())) {
        log.warn({ pid: this.last?.pid }, 'the engine lives again; its orders are its own affair')
        return false
      }
      await sleep(clock, settleMs)
    }
    log.warn({}, 'no order of the silent engine is left')
    return true
  }

  private async look(): Promise<void> {
    const beat = await this.options.readBeat()
    if (beat === undefined) return
    const { last } = this
    if (last?.fencingToken === beat.fencingToken && last.sequence === beat.sequence && last.pid === beat.pid) return
    if (this.token !== undefined && beat.fencingToken < this.token) return
    this.token ??= beat.fencingToken
    this.last = beat
    this.lastBeatUs = this.options.clock.nowUs()
  }

  private get silentMs(): number {
    return Math.floor((this.options.clock.nowUs() - this.lastBeatUs) / usPerMs)
  }

  private get isSuperseded(): boolean {
    return this.last !== undefined && this.token !== undefined && this.last.fencingToken > this.token
  }

  private get isEngineRunning(): boolean {
    return this.last !== undefined && this.options.isRunning(this.last.pid)
  }
}
