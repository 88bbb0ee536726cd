import type { AssetId, Clock, Logger } from '@cex-arbitrage/common'
import type { HaltCause, TradingHalt } from '../types/halt.js'

/** A cause with the time at which it came into force. */
export interface TimedHaltCause extends HaltCause {
  /** Unix milliseconds. */
  readonly sinceMs: number
}

/**
 * The one switch that stops opening (invariant S10). `halt` works at once and synchronously: the next question to
 * `causeFor` is answered with the cause, whoever asks. Cancels, hedges and reconciliation do not ask.
 *
 * One cause per rule and asset is in force; repeating it keeps the first and tells nobody twice.
 */
export class KillSwitch implements TradingHalt {
  private inForce: readonly TimedHaltCause[] = []
  private readonly haltListeners: ((cause: HaltCause) => void)[] = []
  private readonly resumeListeners: ((rule: HaltCause['rule']) => void)[] = []

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  get causes(): readonly TimedHaltCause[] {
    return this.inForce
  }

  halt(cause: HaltCause): void {
    if (this.inForce.some((known) => known.rule === cause.rule && known.asset === cause.asset)) return
    const timed = { ...cause, sinceMs: this.clock.nowMs() }
    this.inForce = [...this.inForce, timed]
    if (cause.rule === 'shutdown') this.log.info({ ...timed }, 'trading ends')
    else this.log.error({ ...timed }, 'trading halted')
    for (const listener of this.haltListeners) this.tell(() => listener(timed))
  }

  resume(rule: HaltCause['rule']): void {
    const left = this.inForce.filter((cause) => cause.rule !== rule)
    if (left.length === this.inForce.length) return
    this.inForce = left
    this.log.warn({ rule }, 'trading halt taken back')
    for (const listener of this.resumeListeners) this.tell(() => listener(rule))
  }

  causeFor(assets: readonly AssetId[]): HaltCause | undefined {
    return this.inForce.find((cause) => cause.asset === undefined || assets.includes(cause.asset))
  }

  onHalt(listener: (cause: HaltCause) => void): void {
    this.haltListeners.push(listener)
  }

  onResume(listener: (rule: HaltCause['rule']) => void): void {
    this.resumeListeners.push(listener)
  }

  /** A listener that throws must not keep the others from hearing of a halt. */
  private tell(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.log.error({ error }, 'a halt listener failed')
    }
  }
}
