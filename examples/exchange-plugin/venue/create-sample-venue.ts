import { VenueHost, defaultSymbols, type VenueOptions } from '@cex-arbitrage/simulator'
import { SampleRestApi, refuse } from './rest-api.js'
import { SampleStreamApi } from './stream-api.js'

/**
 * A local exchange, written from its documents alone, never from the connector.
 *
 * @example
 * const venue = createSampleVenue({ seed: 7 })
 * const { rest, ws, apiKey, secret } = await venue.start()
 */
export function createSampleVenue(options: VenueOptions = {}): VenueHost {
  return new VenueHost(
    {
      exchange: 'sample',
      rules: { feeRule: 'quote', formatOrderId: (n) => String(1_000 + n) },
      defaultSymbols,
      restPath: '/api',
      wsPath: '/stream',
      attach: (host) => {
        const rest = new SampleRestApi(host)
        const streams = new SampleStreamApi(host)
        return {
          handleRest: (request) => rest.handle(request),
          openSession: (session) => streams.open(session),
          renderFault: ({ kind, status }) =>
            kind === 'rate_limited' ? refuse(429, 'TOO_MANY') : refuse(status ?? 503, 'DOWN'),
          apiKeyOf: ({ headers }) => headers['x-key'],
        }
      },
    },
    options,
  )
}
