import type { VenueHost } from '../../../venue/venue-host.js'
import type { Authentication, Caller } from '../authentication.js'
import { futuresPlaceRateRule } from '../constants.js'
import { GateioRefusal } from '../gateio-refusal.js'
import { asList, type JsonObject } from '../parameters.js'
import { type ApiCall, type ApiProduct, limited, objectOf } from '../stream-trading.js'
import { futuresReference, type FuturesTrading } from './futures-trading.js'
import { type SizeStyle, sizeStyleOf } from './sizes.js'

/** The calls of the WebSocket API of perpetuals. */
export class FuturesCalls implements ApiProduct {
  readonly product = 'futures'
  readonly limiterCode = 311
  readonly finalAck = false

  constructor(
    private readonly host: VenueHost,
    private readonly authentication: Authentication,
    private readonly trading: FuturesTrading,
  ) {}

  run(call: ApiCall, caller: Caller, acknowledge: () => void): unknown {
    try {
      return this.carryOut(call, caller, acknowledge)
    } catch (cause) {
      // An order that is not there is a bad request here, unlike by REST.
      if (cause instanceof GateioRefusal && cause.label === 'ORDER_NOT_FOUND')
        throw new GateioRefusal(400, cause.label, cause.message)
      throw cause
    }
  }

  private carryOut(call: ApiCall, caller: Caller, acknowledge: () => void): unknown {
    const style = sizeStyleOf(call.session.headers)
    switch (call.request.channel) {
      case 'futures.order_place':
        return this.place(call, caller, acknowledge, style)
      case 'futures.order_batch_place': {
        this.spend(call, caller)
        const bodies = asList(call.param)
        acknowledge()
        return this.trading.placeBatch(caller, bodies, () => undefined, style)
      }
      case 'futures.order_cancel':
        this.spend(call, caller)
        return this.trading.view(this.trading.cancel(caller, futuresReference(objectOf(call.param))), style)
      case 'futures.order_cancel_ids':
        this.spend(call, caller)
        return this.trading.cancelBatch(caller, call.param)
      case 'futures.order_cancel_cp':
        this.spend(call, caller)
        return this.trading.cancelAll(caller, objectOf(call.param)).map((order) => this.trading.view(order, style))
      case 'futures.order_amend': {
        this.spend(call, caller)
        const param: JsonObject = objectOf(call.param)
        return this.trading.view(this.trading.amend(caller, futuresReference(param), param), style)
      }
      case 'futures.order_status':
        return this.trading.view(this.trading.query(caller, futuresReference(objectOf(call.param))), style)
      case 'futures.order_list':
        return this.trading.list(caller, objectOf(call.param)).map((order) => this.trading.view(order, style))
      default:
        throw new GateioRefusal(400, 'INVALID_ARGUMENT', `Unknown channel ${call.request.channel}`)
    }
  }

  private place(call: ApiCall, caller: Caller, acknowledge: () => void, style: SizeStyle): unknown {
    this.spend(call, caller)
    const param = objectOf(call.param)
    this.trading.prepare(caller, param)
    acknowledge()
    return this.trading.view(this.trading.place(caller, param), style)
  }

  private spend(call: ApiCall, caller: Caller): void {
    this.authentication.checkMayTrade(caller)
    call.verdict = this.host.limiter.take(`uid:${caller.account.uid}:ws-futures`, futuresPlaceRateRule)
    if (!call.verdict.allowed) throw limited(this.limiterCode)
  }
}
