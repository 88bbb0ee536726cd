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
import { SpotCalls } from './spot-calls.js'
import { createSpotChannels } from './spot-channels.js'
import { FuturesCalls } from './futures/futures-calls.js'
import { createFuturesChannels } from './futures/futures-channels.js'
import { FuturesTrading } from './futures/futures-trading.js'
import { PositionModes } from './futures/position-modes.js'
import { GateioStreamApi } from './stream-api.js'
import { StreamTrading } from './stream-trading.js'

/** First order id is one more than this. */
const orderIdBase = 640_000_000_000
/** Beyond what a double holds exactly, as the ids of perpetuals are. */
const futuresOrderIdBase = 36_028_813_724_316_571n
const futuresWsPath = '/v4/ws/usdt'

export interface GateioVenueOptions extends VenueOptions {
  /** First frame of `spot.order_book_update` after a subscription: only changes (default), or a flagged whole window. */
  readonly firstBookFrame?: 'increment' | 'full'
  /** Sends the first `spot.obu` snapshot before the acknowledgement, as the venue has announced. */
  readonly obuSnapshotFirst?: boolean
  /** Number of the self-trade prevention group that all accounts are in; none when absent. */
  readonly stpGroup?: number
}

/**
 * A local Gate.io venue: spot, and perpetuals in USDT.
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
  return new VenueHost(
    {
      exchange: 'gateio',
      rules,
      defaultSymbols,
      restPath: restPrefix,
      wsPath: '/ws/v4/',
      perpetuals: {
        wsPath: futuresWsPath,
        formatOrderId: (n) => String(futuresOrderIdBase + BigInt(n)),
        fees: { makerFee: '0.0002', takerFee: '0.0005' },
      },
      attach: (host) => attachGateio(host, options),
    },
    options,
  )
}

function attachGateio(host: VenueHost, options: GateioVenueOptions): VenueSurface {
  const { firstBookFrame = 'increment', obuSnapshotFirst = false, stpGroup = 0 } = options
  const authentication = new Authentication(host)
  const trading = new GateioTrading(host, stpGroup)
  const market = host.perpetuals!
  const modes = new PositionModes(market)
  const futures = { market, modes, trading: new FuturesTrading(market, modes, stpGroup) }
  const rest = new GateioRestApi(host, authentication, trading, futures)
  const spotStreams = new GateioStreamApi(host, authentication, {
    product: 'spot',
    channels: createSpotChannels(host, firstBookFrame),
    calls: new StreamTrading(host, authentication, new SpotCalls(host, authentication, trading)),
    obuSnapshotFirst,
  })
  const futuresStreams = new GateioStreamApi(host, authentication, {
    product: 'futures',
    channels: createFuturesChannels(market, firstBookFrame),
    calls: new StreamTrading(host, authentication, new FuturesCalls(host, authentication, futures.trading)),
    obuSnapshotFirst,
  })
  return {
    handleRest: (request) => rest.handle(request),
    openSession: (session) => {
      if (session.url.startsWith(futuresWsPath)) {
        market.wake()
        futuresStreams.open(session)
      } else spotStreams.open(session)
    },
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
