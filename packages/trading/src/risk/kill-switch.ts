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
 * One cause per rule, asset, exchange and trade is in force. Repeating it tells nobody twice and keeps the first detail,
 * for rules are looked at again and again; only what concerns one trade or one exchange is brought up to date, so that a
 * halt always names the exposure of now.
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
    const known = this.inForce.find((other) => isSameMatter(other, cause))
    const isUpToDate = known?.detail === cause.detail || (cause.correlationId ?? cause.exchange) === undefined
    if (known !== undefined && isUpToDate) return
    const timed = { ...cause, sinceMs: known?.sinceMs ?? this.clock.nowMs() }
    this.inForce =
      known === undefined ? [...this.inForce, timed] : this.inForce.with(this.inForce.indexOf(known), timed)
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

  causeFor(assets: readonly AssetId[], except?: HaltCause['rule']): HaltCause | undefined {
    return this.inForce.find(({ asset, rule }) => rule !== except && (asset === undefined || assets.includes(asset)))
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

const isSameMatter = (a: HaltCause, b: HaltCause): boolean =>
  a.rule === b.rule && a.asset === b.asset && a.exchange === b.exchange && a.correlationId === b.correlationId
