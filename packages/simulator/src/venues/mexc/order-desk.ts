import type { OrderInput, VenueOrder } from '../../matching/venue-order.js'
import { type MexcError, mexcErrors } from './api-error.js'
import { isRefused, parseOrderRequest } from './order-request.js'
import { checkOrder } from './order-rules.js'
import type { RestCall } from './rest-call.js'
import { keyOptions, type VenueState } from './venue-state.js'

/** Takes orders through every check to the core, and cancels them. */
export class OrderDesk {
  constructor(private readonly state: VenueState) {}

  /** What the core would be told to do, or the first refusal in the venue's order of checks. */
  check(call: RestCall, values: ReadonlyMap<string, string>): OrderInput | MexcError {
    const request = parseOrderRequest(values)
    if (isRefused(request)) return request
    const { data, host, settings, symbols, groups } = this.state
    const symbol = symbols.get(request.symbol)
    const pairs = keyOptions(this.state, call.apiKey.key).symbols
    const input = checkOrder(request, {
      accountId: call.account.id,
      symbol,
      engine: symbol && data.engine(symbol),
      lastPrice: symbol && data.lastPrice(symbol),
      isPairAllowed: pairs === undefined || pairs.includes(request.symbol),
    })
    if (isRefused(input)) return input
    if (!host.core.canAfford(input))
      return input.side === 'sell' ? mexcErrors.oversold : mexcErrors.insufficientPosition
    if (host.core.openOrders(call.account.id).length >= settings.openOrdersPerAccount) return mexcErrors.tooManyOrders
    const stp = groups.includes(call.account.uid) ? { effectiveStpMode: request.stpMode } : {}
    return { ...input, attributes: { ...input.attributes, apiKey: call.apiKey.key, ...stp } }
  }

  place(call: RestCall, values: ReadonlyMap<string, string>): VenueOrder | MexcError {
    const input = this.check(call, values)
    if (isRefused(input)) return input
    const result = this.state.host.core.place(input)
    return 'order' in result ? result.order : mexcErrors.internalError
  }

  /** Takes effect after the venue's delay; until then the order may still fill. */
  cancel(order: VenueOrder): void {
    const { host, settings } = this.state
    if (settings.cancelDelayMs === 0) host.core.cancel(order)
    else host.clock.setTimer(() => void host.core.cancel(order), settings.cancelDelayMs)
  }
}
