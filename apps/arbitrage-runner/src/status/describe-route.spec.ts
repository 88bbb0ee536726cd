import { describe, expect, it } from 'vitest'
import { describeRoute, type RouteLeg } from './describe-route.js'

const leg = (side: string, exchange: string, symbol = 'BTC/USDT', marketType = 'spot'): RouteLeg => ({
  exchange,
  marketType,
  symbol,
  side,
})

describe('the route of a trade', () => {
  it('leads from where one symbol is bought to where it is sold, whichever order comes first', () => {
    expect(describeRoute([leg('sell', 'gateio'), leg('buy', 'mexc')])).toBe('mexc → gateio')
  })

  it('names the markets where they differ', () => {
    const legs = [leg('buy', 'mexc'), leg('sell', 'mexc', 'BTC/USDT', 'futures')]
    expect(describeRoute(legs)).toBe('mexc spot → mexc futures')
  })

  it('names every order of a cycle on one exchange', () => {
    const legs = [leg('buy', 'mexc'), leg('buy', 'mexc', 'ETH/BTC'), leg('sell', 'mexc', 'ETH/USDT')]
    expect(describeRoute(legs)).toBe('mexc: buy BTC/USDT, buy ETH/BTC, sell ETH/USDT')
  })

  it('names every order and exchange where several of both take part', () => {
    const legs = [leg('buy', 'mexc'), leg('sell', 'gateio'), leg('sell', 'mexc')]
    expect(describeRoute(legs)).toBe('buy BTC/USDT mexc, sell BTC/USDT gateio, sell BTC/USDT mexc')
  })

  it('is a dash where nothing was planned', () => {
    expect(describeRoute([])).toBe('–')
  })
})
