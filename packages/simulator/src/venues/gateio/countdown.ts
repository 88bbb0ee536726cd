import type { Timer } from '@cex-arbitrage/common'

import type { VenueHost } from '../../venue/venue-host.js'
import type { Caller } from './authentication.js'
import { minCountdownS } from './constants.js'
import type { GateioTrading } from './gateio-trading.js'
import { invalidParam, missingParam } from './gateio-refusal.js'
import { findPair } from './pairs.js'
import type { JsonObject } from './parameters.js'

/** The dead-man switch: cancels open orders unless it is wound up again in time. */
export class Countdown {
  private readonly timers = new Map<string, Timer>()

  constructor(
    private readonly host: VenueHost,
    private readonly trading: GateioTrading,
  ) {}

  /** Starts, restarts or (with `timeout` 0) disables the countdown of a pair, or of all pairs. */
  set(caller: Caller, body: JsonObject): { readonly triggerTime: string } {
    const { currency_pair: pair, timeout } = body
    if (timeout === undefined) throw missingParam('timeout')
    if (!Number.isInteger(timeout) || (timeout !== 0 && (timeout as number) < minCountdownS))
      throw invalidParam('timeout', timeout)
    const symbol = pair === undefined || pair === '' ? undefined : findPair(this.host.core, pair).name
    const key = `${caller.account.id}:${symbol ?? ''}`
    this.timers.get(key)?.cancel()
    this.timers.delete(key)
    const seconds = timeout as number
    if (seconds === 0) return { triggerTime: '0' }
    const fire = (): void => void this.trading.cancelOpen(caller.account.id, symbol)
    this.timers.set(key, this.host.clock.setTimer(fire, seconds * 1000))
    return { triggerTime: String(this.host.clock.nowMs() + seconds * 1000) }
  }
}
