import type { Clock } from '../types/clock.js'
import type { IdSource } from '../types/id-source.js'
import { asClientOrderId, asCorrelationId, type ClientOrderId, type CorrelationId } from '../types/ids.js'
import type { Random } from '../types/random.js'

const sessionDigits = 4
const base36 = 36

/**
 * Ids of a prefix, the session's start time, a random part and a counter: unique across restarts without storage, and
 * the same for the same clock and randomness. `arb-` + 8 + 4 + counter stays below 28 characters for 36^10 orders.
 */
export class UniqueIdSource implements IdSource {
  private readonly session: string
  private orders = 0
  private correlations = 0

  /** @param prefix - Begins every client order id; at most 8 characters of `A-Z a-z 0-9 _ -`. */
  constructor(
    readonly prefix: string,
    clock: Clock,
    random: Random,
  ) {
    if (!/^[A-Za-z0-9_-]{1,8}$/.test(prefix))
      throw new TypeError(`'${prefix}' is no id prefix: use 1 to 8 letters, digits, '_' or '-'.`)
    const salt = Math.floor(random.next() * base36 ** sessionDigits)
    this.session = clock.nowMs().toString(base36) + salt.toString(base36).padStart(sessionDigits, '0')
  }

  nextClientOrderId(): ClientOrderId {
    return asClientOrderId(`${this.prefix}${this.session}${(++this.orders).toString(base36)}`)
  }

  nextCorrelationId(): CorrelationId {
    return asCorrelationId(`${this.session}-${(++this.correlations).toString(base36)}`)
  }
}
