import type { VenueHost } from '../../venue/venue-host.js'
import type { Authentication, Caller } from './authentication.js'
import { placeRateRule } from './constants.js'
import { actionMode, type GateioTrading } from './gateio-trading.js'
import { GateioRefusal } from './gateio-refusal.js'
import { readReference } from './order-request.js'
import { viewOrder } from './order-view.js'
import { asList } from './parameters.js'
import { type ApiCall, type ApiProduct, limited, objectOf } from './stream-trading.js'

const defaultText = 'apiv4-ws'

/** The spot calls of the WebSocket API. */
export class SpotCalls implements ApiProduct {
  readonly product = 'spot'
  readonly limiterCode = 211

  constructor(
    private readonly host: VenueHost,
    private readonly authentication: Authentication,
    private readonly trading: GateioTrading,
  ) {}

  run(call: ApiCall, caller: Caller, acknowledge: () => void): unknown {
    switch (call.request.channel) {
      case 'spot.order_place':
        return this.place(call, caller, acknowledge)
      case 'spot.order_cancel': {
        this.authentication.checkMayTrade(caller)
        const param = objectOf(call.param)
        return viewOrder(this.trading.cancel(caller, readReference(param, 'order_id'), param), actionMode(param))
      }
      case 'spot.order_cancel_ids':
        this.authentication.checkMayTrade(caller)
        return this.trading.cancelBatch(caller, asList(call.param))
      case 'spot.order_cancel_cp':
        this.authentication.checkMayTrade(caller)
        return this.trading.cancelAll(caller, objectOf(call.param))
      case 'spot.order_amend': {
        this.authentication.checkMayTrade(caller)
        this.spend(call, caller)
        const param = objectOf(call.param)
        return viewOrder(this.trading.amend(caller, readReference(param, 'order_id'), param), actionMode(param))
      }
      case 'spot.order_status': {
        const param = objectOf(call.param)
        return viewOrder(this.trading.query(caller, readReference(param, 'order_id'), param))
      }
      case 'spot.order_list':
        return this.trading.list(caller, objectOf(call.param))
      default:
        throw new GateioRefusal(400, 'INVALID_ARGUMENT', `Unknown channel ${call.request.channel}`)
    }
  }

  private place(call: ApiCall, caller: Caller, acknowledge: () => void): unknown {
    this.authentication.checkMayTrade(caller)
    this.spend(call, caller)
    if (Array.isArray(call.param)) {
      acknowledge()
      return this.trading.placeBatch(caller, asList(call.param), defaultText, () => undefined)
    }
    const param = objectOf(call.param)
    if (param['currency_pair'] === undefined && param['side'] === undefined)
      throw new GateioRefusal(400, 'INVALID_ARGUMENT', 'OrderPlace request params error')
    this.trading.prepare(caller, param, defaultText)
    acknowledge()
    return viewOrder(this.trading.place(caller, param, defaultText), actionMode(param))
  }

  private spend(call: ApiCall, caller: Caller): void {
    call.verdict = this.host.limiter.take(`uid:${caller.account.uid}:ws-place`, placeRateRule)
    if (!call.verdict.allowed) throw limited(this.limiterCode)
  }
}
