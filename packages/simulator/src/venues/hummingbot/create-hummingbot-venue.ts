import { defaultSymbols } from '../../market/default-symbols.js'
import type { RestRequest } from '../../server/rest-exchange.js'
import type { StreamSession } from '../../server/stream-session.js'
import { VenueHost } from '../../venue/venue-host.js'
import type { VenueSurface } from '../../venue/venue-protocol.js'
import { ApiServer, renderApiFault } from './api/api-server.js'
import { MarketDataSocket } from './api/market-data-socket.js'
import { OrderDesk } from './protocol/order-desk.js'
import { OrderEvents } from './protocol/order-events.js'
import { ProtocolServer } from './protocol/protocol-server.js'
import { RequestHandler } from './protocol/request-handler.js'
import { Subscriptions } from './protocol/subscriptions.js'
import { TrafficMeter } from './protocol/traffic-meter.js'
import { resolveHummingbotSettings, type HummingbotSettings, type HummingbotVenueOptions } from './settings.js'

/** Where the WebSocket protocol is served. */
const protocolPath = '/ws'
const marketDataPath = '/ws/market-data'
const notFound = 1008

/**
 * A local Hummingbot with one exchange behind it: the WebSocket protocol under `/ws`, and hummingbot-api with its market
 * data socket on the same port. The key opens the protocol; key and secret are user and password of hummingbot-api.
 *
 * @example
 * const venue = createHummingbotVenue({ seed: 7 })
 * const { rest, ws, apiKey, secret } = await venue.start()
 */
export function createHummingbotVenue(options: HummingbotVenueOptions = {}): VenueHost {
  const settings = resolveHummingbotSettings(options.hummingbot)
  const rules = { feeRule: 'received', formatOrderId: (n: number) => `hb-${String(n).padStart(8, '0')}` } as const
  const attach = (host: VenueHost): VenueSurface => attachHummingbot(host, settings)
  return new VenueHost(
    { exchange: 'hummingbot', rules, defaultSymbols, restPath: '', wsPath: protocolPath, attach },
    options,
  )
}

function attachHummingbot(host: VenueHost, settings: HummingbotSettings): VenueSurface {
  const subscriptions = new Subscriptions(host, settings)
  const events = new OrderEvents(host, settings, subscriptions)
  const handler = new RequestHandler(host, settings, new OrderDesk(host, settings), subscriptions)
  const traffic = new TrafficMeter(host.clock)
  const protocol = new ProtocolServer(host, settings, { handler, events, subscriptions, traffic })
  const api = new ApiServer(host, settings)
  const marketData = new MarketDataSocket(host, settings.connector)
  return {
    handleRest: (request) => api.handle(request),
    openSession: (session: StreamSession) => {
      const path = session.url.split('?')[0]
      if (path === protocolPath) protocol.open(session)
      else if (path === marketDataPath) marketData.open(session)
      else session.close(notFound, 'no such route')
    },
    renderFault: (rule, request) => renderApiFault(rule, request, settings),
    apiKeyOf: (request: RestRequest) => userOf(request.headers['authorization']),
    onStart: () => subscriptions.start(),
    describe: () => ({ traffic: traffic.report }),
  }
}

/** The user that a Basic header claims. */
function userOf(header: string | undefined): string | undefined {
  const encoded = /^basic (.+)$/i.exec(header ?? '')?.[1]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8').split(':')[0]
}
