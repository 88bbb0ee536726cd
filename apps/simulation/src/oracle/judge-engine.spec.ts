import { Decimal, asCorrelationId, createAssetId, createExchangeId } from '@cex-arbitrage/common'
import { Portfolio, type ExecutionRecord } from '@cex-arbitrage/trading'
import type { VenueHost } from '@cex-arbitrage/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulationClock } from '../virtual/simulation-clock.js'
import { SimulatedWorld } from '../world/simulated-world.js'
import { simulatedExchanges } from '../schedule/schedule.js'
import { judgeEngine, type Violation } from './judge-engine.js'

let clock: SimulationClock
let world: SimulatedWorld
let portfolio: Portfolio

beforeEach(() => {
  clock = new SimulationClock()
  world = new SimulatedWorld({ seed: 1, clock, schedule: { faults: [], killAtWrites: [] } })
  portfolio = new Portfolio(clock)
  believeTruth()
})

afterEach(() => world.close())

/** Takes what the venues say for the ledger. */
function believeTruth(): void {
  for (const name of simulatedExchanges)
    for (const [asset, { free, locked }] of Object.entries(world.holdings(name))) {
      const [id, exchange] = [createAssetId(asset), createExchangeId(name)]
      const missing = Decimal.parse(free).plus(Decimal.parse(locked)).minus(portfolio.total(exchange, id))
      portfolio.post([
        { account: `venue:${exchange}`, asset: id, amount: missing },
        { account: 'equity:opening', asset: id, amount: missing.negated() },
      ])
    }
}

function place(
  venue: VenueHost,
  side: 'buy' | 'sell',
  clientOrderId: string,
  timeInForce: 'ioc' | 'gtc' = 'ioc',
): void {
  const { bids, asks } = venue.core.engine('BTC/USDT')
  const best = side === 'buy' ? asks.best! : bids.best!
  const priceTicks =
    timeInForce === 'ioc' ? best.priceTicks : Math.round(best.priceTicks * (side === 'buy' ? 0.99 : 1.01))
  const quantityLots = Math.round(0.001 / venue.core.symbols.get('BTC/USDT')!.lotSize.toNumber())
  venue.core.place({
    accountId: 'engine',
    symbol: 'BTC/USDT',
    side,
    kind: 'limit',
    timeInForce,
    priceTicks,
    quantityLots,
    clientOrderId,
  })
}

const intent = (clientOrderId: string, correlationId = 'trade'): ExecutionRecord => ({
  kind: 'intent',
  atMs: 0,
  correlationId,
  clientOrderId,
  role: 'leg',
  instrumentId: 'mexc:BTC/USDT',
  side: 'buy',
  priceTicks: 1,
  quantityLots: 1,
})

const judge = (
  records: readonly ExecutionRecord[],
  halts: Parameters<typeof judgeEngine>[0]['halts'] = [],
): Violation[] => {
  believeTruth()
  return judgeEngine({ world, records, portfolio, halts }).map(({ violation }) => violation)
}

describe('the judgement', () => {
  it('finds nothing where two legs are flat within the bound', () => {
    place(world.venue('mexc'), 'buy', 'arb-1')
    place(world.venue('gateio'), 'sell', 't-arb-2')
    expect(judge([intent('arb-1'), intent('arb-2')])).toEqual([])
  })

  it('finds a leg that stands alone, unless the engine halts and names it exactly', () => {
    place(world.venue('mexc'), 'buy', 'arb-1')
    expect(judge([intent('arb-1')])).toEqual(['stranded'])
    const named = (detail: string, trade = 'trade') =>
      [{ rule: 'residual', correlationId: asCorrelationId(trade), detail }] as const
    expect(judge([intent('arb-1')], named('Trade trade ended open: 0.001 BTC on mexc.'))).toEqual([])
    expect(judge([intent('arb-1')], named('Trade trade ended open: 0.002 BTC on mexc.'))).toEqual(['stranded'])
    expect(judge([intent('arb-1')], named('Trade trade ended open: 10.001 BTC on mexc.'))).toEqual(['stranded'])
    expect(judge([intent('arb-1')], named('Trade other ended open: 0.001 BTC on mexc.', 'other'))).toEqual(['stranded'])
  })

  it('finds orders sent twice, resting, or unknown to the journal', () => {
    place(world.venue('mexc'), 'buy', 'arb-1')
    place(world.venue('gateio'), 'sell', 'arb-1')
    expect(judge([intent('arb-1')])).toEqual(['double_send'])
    place(world.venue('gateio'), 'buy', 't-arb-3', 'gtc')
    expect(judge([intent('arb-1')])).toEqual(['double_send', 'orphan', 'orphan'])
  })

  it('finds a ledger that is not what the venues hold', () => {
    portfolio.post([
      { account: 'venue:mexc', asset: createAssetId('BTC'), amount: Decimal.of(1, 8) },
      { account: 'equity:opening', asset: createAssetId('BTC'), amount: Decimal.of(-1, 8) },
    ])
    const found = judgeEngine({ world, records: [], portfolio, halts: [] })
    expect(found).toMatchObject([{ violation: 'ledger_mismatch', detail: 'BTC on mexc: ledger 1.50000001, venue 1.5' }])
  })
})
