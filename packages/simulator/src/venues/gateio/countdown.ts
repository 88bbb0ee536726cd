import type { Clock, Timer } from '@cex-arbitrage/common'

import type { Caller } from './authentication.js'
import { minCountdownS } from './constants.js'
import { invalidParam, missingParam } from './gateio-refusal.js'
import type { JsonObject } from './parameters.js'

/** What a countdown watches over. */
export interface CountdownSubject {
  /** Symbol that a request names, or `undefined` for all of them. */
  find(body: JsonObject): string | undefined
  cancel(accountId: string, symbol: string | undefined): void
}

/** The dead-man switch: cancels open orders unless it is wound up again in time. */
export class Countdown {
  private readonly timers = new Map<string, Timer>()

  constructor(
    private readonly clock: Clock,
    private readonly subject: CountdownSubject,
  ) {}

  /** Starts, restarts or (with `timeout` 0) disables the countdown of a symbol, or of all of them. */
  set(caller: Caller, body: JsonObject): { readonly triggerTime: string } {
    const { timeout } = body
    if (timeout === undefined) throw missingParam('timeout')
    if (!Number.isInteger(timeout) || (timeout !== 0 && (timeout as number) < minCountdownS))
      throw invalidParam('timeout', timeout)
    const symbol = this.subject.find(body)
    const key = `${caller.account.id}:${symbol ?? ''}`
    this.timers.get(key)?.cancel()
    this.timers.delete(key)
    const seconds = timeout as number
    if (seconds === 0) return { triggerTime: '0' }
    const fire = (): void => this.subject.cancel(caller.account.id, symbol)
    this.timers.set(key, this.clock.setTimer(fire, seconds * 1000))
    return { triggerTime: String(this.clock.nowMs() + seconds * 1000) }
  }
}
