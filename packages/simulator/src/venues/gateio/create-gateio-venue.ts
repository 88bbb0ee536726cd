import { defaultSymbols } from '../../market/default-symbols.js'
import type { FaultRule } from '../../faults/fault-rule.js'
import type { SelfTradeAction } from '../../matching/matching-engine.js'
import type { VenueOrder } from '../../matching/venue-order.js'
import type { RestRequest, RestResponse } from '../../server/rest-exchange.js'
import { VenueHost } from '../../venue/venue-host.js'
import type { VenueOptions } from '../../venue/venue-options.js'
import type { VenueSurface } from '../../venue/venue-protocol.js'
import { Authentication } from './authentication.js'
import { placeRateRule } from './constants.js'
import { GateioTrading } from './gateio-trading.js'
import { tooManyRequests } from './gateio-refusal.js'
import { GateioRestApi, restPrefix } from './rest-api.js'
import { GateioStreamApi } from './stream-api.js'
import { StreamTrading } from './stream-trading.js'

/** First order id is one more than this. */
const orderIdBase = 640_000_000_000

export interface GateioVenueOptions extends VenueOptions {
  /** First frame of `spot.order_book_update` after a subscription: only changes (default), or a flagged whole window. */
  readonly firstBookFrame?: 'increment' | 'full'
  /** Sends the first `spot.obu` snapshot before the acknowledgement, as the venue has announced. */
  readonly obuSnapshotFirst?: boolean
  /** Number of the self-trade prevention group that all accounts are in; none when absent. */
  readonly stpGroup?: number
}

/**
 * A local Gate.io spot venue.
 *
 * @example
 * const venue = createGateioVenue({ seed: 7 })
 * const { rest, ws, apiKey, secret } = await venue.start()
 */
export function createGateioVenue(options: GateioVenueOptions = {}): VenueHost {
  const rules = {
    feeRule: 'received',
    formatOrderId: (n: number) => String(orderIdBase + n),
    selfTrade,
  } as const
  const attach = (host: VenueHost): VenueSurface => attachGateio(host, options)
  return new VenueHost(
    { exchange: 'gateio', rules, defaultSymbols, restPath: restPrefix, wsPath: '/ws/v4/', attach },
    options,
  )
}

function attachGateio(host: VenueHost, options: GateioVenueOptions): VenueSurface {
  const authentication = new Authentication(host)
  const trading = new GateioTrading(host, options.stpGroup ?? 0)
  const rest = new GateioRestApi(host, authentication, trading)
  const streams = new GateioStreamApi(host, authentication, new StreamTrading(host, authentication, trading), {
    firstBookFrame: options.firstBookFrame ?? 'increment',
    obuSnapshotFirst: options.obuSnapshotFirst ?? false,
  })
  return {
    handleRest: (request) => rest.handle(request),
    openSession: (session) => streams.open(session),
    renderFault: (rule) => renderFault(rule, host.clock.nowMs()),
    apiKeyOf: (request: RestRequest) => request.headers['key'],
  }
}

/** What the order that comes later says: `cn` cancels it, `co` the older one, `cb` both. */
function selfTrade(taker: VenueOrder): SelfTradeAction {
  const action = taker.input.attributes?.['stpAct'] ?? '-'
  return selfTradeActions[action] ?? 'allow'
}

const selfTradeActions: Readonly<Record<string, SelfTradeAction>> = {
  cn: 'cancel_taker',
  co: 'cancel_maker',
  cb: 'cancel_both',
}

function renderFault(rule: FaultRule, nowMs: number): RestResponse {
  const retryAfter = rule.retryAfterS === undefined ? {} : { 'Retry-After': String(rule.retryAfterS) }
  if (rule.kind === 'rate_limited') {
    const headers = {
      ...retryAfter,
      'X-Gate-RateLimit-Requests-Remain': '0',
      'X-Gate-RateLimit-Limit': String(placeRateRule.limit),
      'X-Gate-RateLimit-Reset-Timestamp': String(Math.ceil(nowMs / 1000) + (rule.retryAfterS ?? 1)),
    }
    return { status: 429, body: tooManyRequests().body, headers }
  }
  const status = rule.status ?? 503
  if (rule.mode === 'html') {
    const body = `<html><head><title>${status}</title></head></html>`
    return { status, body, contentType: 'text/html', headers: retryAfter }
  }
  const body =
    status === 503
      ? { label: 'TOO_BUSY', message: 'Service is busy' }
      : { label: 'SERVER_ERROR', message: 'Internal server error' }
  return { status, body, headers: retryAfter }
}
