// A local Gate.io and a local MEXC with one pair whose books are moved by hand.
import { Decimal } from '@cex-arbitrage/common'
import { createVenue } from '@cex-arbitrage/simulator'

export const pair = 'ABC/USDT'
const symbol = {
  base: 'ABC',
  quote: 'USDT',
  tickSize: '0.01',
  lotSize: '0.001',
  minNotional: '1',
  makerFee: '0',
  takerFee: '0.0001',
  referencePrice: 100,
}
const balances = { ABC: '1000000', USDT: '100000000' }
const noRateLimits = { mexc: { rateLimits: { ipWeight: null, orders: null } } }

/** @param {'gateio' | 'mexc'} name */
export async function startVenue(name) {
  const venue = createVenue(name, {
    market: { kind: 'manual' },
    symbols: [symbol],
    accounts: [
      { id: 'trader', uid: 1, keys: [{ key: `${name}-key`, secret: `${name}-secret`, permission: 'trade' }], balances },
    ],
    ...(name === 'mexc' && noRateLimits),
  })
  const address = await venue.start()
  const rules = venue.core.symbols.get(pair)
  return {
    name,
    address,
    /** @param {'buy' | 'sell'} side @param {string} price @param {string} quantity */
    quote(side, price, quantity) {
      const placed = venue.core.place({
        accountId: 'house',
        symbol: pair,
        side,
        kind: 'limit',
        timeInForce: 'gtc',
        priceTicks: rules.toTicks(Decimal.parse(price)),
        quantityLots: rules.toLots(Decimal.parse(quantity)),
      })
      if (placed.order === undefined) throw new Error(`the house cannot ${side} at ${price}: ${JSON.stringify(placed)}`)
      return placed.order
    },
    cancel(order) {
      const resting = venue.core.order(order.id)
      if (resting !== undefined) venue.core.cancel(resting)
    },
    close: () => venue.close(),
  }
}

/** Ten levels on each side, 0.1 apart. */
export function quoteBook(venue, bestBid = 99.9, bestAsk = 100.1) {
  for (let level = 0; level < 10; level++) {
    venue.quote('buy', (bestBid - level / 10).toFixed(2), '1000')
    venue.quote('sell', (bestAsk + level / 10).toFixed(2), '1000')
  }
}

/** Unmodified ccxt pro, told where the venue is and which key to use. */
export async function createCcxt(ccxt, { name, address }) {
  const { rest, ws, apiKey, secret } = address
  const Client = name === 'gateio' ? ccxt.pro.gate : ccxt.pro.mexc
  const client = new Client({ apiKey, secret, enableRateLimit: false })
  const api = client.urls['api']
  if (name === 'gateio') {
    for (const access of ['public', 'private'])
      for (const product of Object.keys(api[access])) api[access][product] = rest
    api.spot = ws
  } else {
    api.spot = { public: rest, private: rest }
    api.contract = { public: `${rest}/api/v1/contract`, private: `${rest}/api/v1/private` }
    api.ws = { spot: ws, swap: ws }
  }
  await client.loadHttpProxyAgent()
  await client.loadMarkets()
  return client
}

export const pause = (ms) => new Promise((resolve) => void setTimeout(resolve, ms))
