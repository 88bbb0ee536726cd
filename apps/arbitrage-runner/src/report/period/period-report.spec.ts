import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { msPerDay } from '@cex-arbitrage/common'
import type { AccountedTrade, FillRow, HistoryQueries, OpportunityRow, OrderRow } from '@cex-arbitrage/storage'
import { describe, expect, it } from 'vitest'
import { collectPeriod, type PeriodSource } from './collect-period.js'
import { createPeriodReport } from './create-period-report.js'
import { writePeriodReport } from './write-period-report.js'

const day = Date.UTC(2026, 10, 24)
const choice = { name: '2026-11-24', mode: 'live', fromMs: day, toMs: day + msPerDay }

const order = (overrides: Partial<OrderRow>): OrderRow => ({
  clientOrderId: 'o',
  correlationId: 'c',
  role: 'leg',
  instrumentId: 'alpha:spot:BTC/USDT',
  exchange: 'alpha',
  side: 'buy',
  price: '100',
  quantity: '1',
  exchangeOrderId: 'e',
  state: 'filled',
  attempts: 1,
  filledQuantity: '1',
  filledNotional: '100',
  sendNotional: null,
  refusalCode: null,
  refusalMessage: null,
  intendedAtMs: day,
  sentAtMs: day,
  updatedAtMs: day,
  ...overrides,
})

const fill = (exchange: string, fee: string, feeAsset: string, role = 'taker'): FillRow => ({
  instrumentId: `${exchange}:spot:BTC/USDT`,
  fillId: `${exchange}-${fee}`,
  exchange,
  exchangeOrderId: 'e',
  clientOrderId: 'o',
  correlationId: 'c',
  origin: 'trading',
  side: 'buy',
  price: '100',
  quantity: '1',
  fee,
  feeAsset,
  role,
  exchangeTimeMs: day,
  recordedAtMs: day,
})

function trade(index: number, overrides: Partial<AccountedTrade> = {}): AccountedTrade {
  return {
    journal: 'live',
    correlationId: `c-${index}`,
    strategy: 'spot-spot',
    symbol: 'BTC/USDT',
    startedAtMs: day + index * 3_600_000,
    endedAtMs: day + index * 3_600_000 + 40,
    outcome: 'completed',
    expectedProfit: '0.1',
    realisedProfit: '0.3',
    profitAsset: 'USDT',
    surplusPrices: { BTC: '100' },
    netEdgeBps: 5,
    quoteAgeUs: 10,
    durationUs: 40_000,
    refused: false,
    attribution: { latency: '0.2', slippage: '0', fees: '0', rounding: '0', partialFill: '0', unwind: '0' },
    legs: [],
    orders: [
      order({}),
      order({ side: 'sell', exchange: 'beta', instrumentId: 'beta:spot:BTC/USDT', filledNotional: '101' }),
    ],
    fills: [fill('alpha', '0.1', 'BTC'), fill('beta', '0.2', 'USDT', 'maker')],
    ...overrides,
  }
}

const cycle = trade(3, {
  strategy: 'triangular',
  outcome: 'unwound',
  realisedProfit: '-0.4',
  attribution: { latency: '0', slippage: '0', fees: '0', rounding: '0', partialFill: '0', unwind: '-0.5' },
  orders: [
    order({}),
    order({ instrumentId: 'alpha:spot:ETH/BTC', filledNotional: '0.9' }),
    order({ instrumentId: 'alpha:spot:ETH/USDT', side: 'sell', refusalCode: 'X' }),
    order({ instrumentId: 'alpha:spot:ETH/BTC', side: 'sell', role: 'unwind', filledNotional: '0.9' }),
  ],
  fills: [fill('alpha', '0.3', 'BTC')],
})

const open = trade(5, { outcome: null, realisedProfit: null, attribution: null, durationUs: null, endedAtMs: null })

const opportunity = (verdict: string, netEdgeBps: number, survivalUs: number | null): OpportunityRow => ({
  atMs: day,
  strategy: 'spot-spot',
  symbol: 'BTC/USDT',
  buyExchange: 'alpha',
  sellExchange: 'beta',
  netEdgeBps,
  expectedProfit: '0.1',
  profitAsset: 'USDT',
  correlationId: null,
  verdict,
  survivalUs,
})

interface Contents {
  readonly trades?: readonly AccountedTrade[]
  readonly opportunities?: readonly OpportunityRow[]
  readonly isEmpty?: boolean
}

function sourceOf({ trades = [], opportunities = [], isEmpty = false }: Contents): PeriodSource {
  const point = { asset: 'USDT', realised: '0' }
  const queries: Partial<HistoryQueries> = {
    tradeSummary: () => Promise.resolve({ trades: trades.length, open: 0, byOutcome: {}, profit: [] }),
    journals: () =>
      Promise.resolve([
        { journal: 'later', mode: 'live', createdAtMs: day + 2 * msPerDay, position: 1 },
        { journal: 'paper-1', mode: 'paper', createdAtMs: day, position: 1 },
        { journal: 'live', mode: 'live', createdAtMs: day, position: 1 },
      ]),
    equitySeries: () =>
      Promise.resolve(
        isEmpty
          ? []
          : [
              { journal: 'a', atMs: day, equity: '1000', ...point },
              { journal: 'a', atMs: day + 1_000, equity: '1001', ...point },
              { journal: 'b', atMs: day + 9_000, equity: '500', ...point },
              { journal: 'b', atMs: day + 10_000, equity: '501', ...point },
            ],
      ),
    whyNot: () => Promise.resolve(isEmpty ? [] : [{ cause: 'no_edge', count: 1_234 }]),
    halts: () =>
      Promise.resolve(
        isEmpty
          ? []
          : [
              { position: 2, atMs: day + 2, rule: 'api', detail: '<later>', asset: null, correlationId: null },
              { position: 1, atMs: day + 1, rule: 'file', detail: 'first', asset: null, correlationId: null },
            ],
      ),
    venueHealth: () =>
      Promise.resolve([
        {
          atMs: day,
          exchange: 'alpha',
          marketDataConnected: true,
          accountConnected: true,
          booksTrusted: 2,
          booksTotal: 3,
          frames: 10,
          gaps: 0,
          resyncs: 0,
          reconnects: 0,
          clockOffsetMs: null,
          openOrders: 0,
        },
      ]),
  }
  return {
    queries: queries as HistoryQueries,
    trades: () => each(trades),
    opportunities: () => each(opportunities),
  }
}

/** One after the other, as a store reads them. */
async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item)
}

const full = sourceOf({
  trades: [trade(1), trade(2), cycle, open],
  opportunities: [opportunity('approved', 9, 2_000), opportunity('balance', 7, null), opportunity('balance', 5, 40)],
})

describe('the report of a time of trading', () => {
  it('puts trades together by what they have in common, with exact sums', async () => {
    const report = await collectPeriod(full, choice, { nowMs: day + 2 * msPerDay })
    expect(report.trades.shown.map(({ correlationId }) => correlationId)).toEqual(['c-1', 'c-2', 'c-3'])
    expect(report.openTrades).toBe(1)
    expect(report.byStrategy).toEqual([
      {
        name: 'spot-spot',
        profitAsset: 'USDT',
        trades: 2,
        completed: 2,
        won: 2,
        expected: '0.2',
        realised: '0.6',
        medianMs: 40,
      },
      expect.objectContaining({ name: 'triangular', completed: 0, won: 0, realised: '-0.4' }),
    ])
    expect(report.byRoute.map(({ name }) => name)).toEqual([
      'alpha → beta',
      'alpha: buy BTC/USDT, buy ETH/BTC, sell ETH/USDT',
    ])
    expect(report.byEnd.map(({ name }) => name)).toEqual(['completed', 'unwound'])
    expect(report.journals.map(({ journal }) => journal)).toEqual(['live'])
    expect(report.halts.map(({ rule }) => rule)).toEqual(['file', 'api'])
  })

  it('counts orders, volume and fees of each exchange, those of open trades included', async () => {
    const { exchanges } = await collectPeriod(full, choice, { nowMs: day })
    expect(exchanges).toEqual([
      {
        exchange: 'alpha',
        orders: 7,
        refused: 1,
        repairs: 1,
        fills: 4,
        makerFills: 0,
        volumes: [
          { asset: 'USDT', amount: '500' },
          { asset: 'BTC', amount: '1.8' },
        ],
        fees: [{ asset: 'BTC', amount: '0.6' }],
      },
      expect.objectContaining({ exchange: 'beta', makerFills: 3, fees: [{ asset: 'USDT', amount: '0.6' }] }),
    ])
  })

  it('keeps the best of what was not taken', async () => {
    const { opportunities, missed, survivalMs } = await collectPeriod(full, choice, { nowMs: day })
    expect(missed.map(({ netEdgeBps }) => netEdgeBps)).toEqual([7, 5])
    expect(opportunities[0]).toMatchObject({ verdict: 'balance', count: 2, bestBps: 7, meanBps: 6 })
    expect(survivalMs).toEqual([2, 0.04])
  })

  it('draws everything into one document that needs nothing else', async () => {
    const report = await collectPeriod(full, choice, { nowMs: day + 3_600_000 })
    const html = createPeriodReport(report)
    expect(html).toContain('<h1>Trading on 2026-11-24, live</h1>')
    expect(html.match(/<svg[^>]*role="img" aria-label="[^"]{20,}"/g)).toHaveLength(7)
    expect(html).toContain('This time is not over yet.')
    expect(html).toContain('&lt;later&gt;')
    expect(html).toContain('>unwind<')
    expect(html).toContain('max drawdown, USDT')
    expect(html).not.toMatch(/<script|<link|src=|url\(|https?:\/\/|NaN|undefined/)
    // The line of equity breaks where another run begins.
    expect(/class="line first" d="(M[^"]+)"/.exec(html)![1]!.match(/M/g)).toHaveLength(2)
  })

  it('stands also where nothing happened', async () => {
    const html = createPeriodReport(await collectPeriod(sourceOf({ isEmpty: true }), choice, { nowMs: day + msPerDay }))
    expect(html).not.toContain('<svg')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('writes exact trades, fills and equity as CSV and tells how far it has come', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-period-'))
    const many = Array.from({ length: 1_200 }, (_, index) => trade(index % 24, { correlationId: `m-${index}` }))
    const shares: number[] = []
    const { files } = await writePeriodReport(sourceOf({ trades: many }), choice, join(folder, 'new'), {
      nowMs: day,
      onProgress: (share) => shares.push(share),
    })
    expect(shares).toEqual([500 / 1_200, 1_000 / 1_200])
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
    const lines = Object.fromEntries(files.map((file, index) => [file.split('/').at(-1), texts[index]!.split('\n')]))
    expect(lines['trades.csv']).toHaveLength(1_202)
    expect(lines['fills.csv']).toHaveLength(2_402)
    expect(lines['fills.csv']![1]).toBe(
      `${day},${day},alpha,alpha:spot:BTC/USDT,buy,100,1,0.1,BTC,taker,trading,alpha-0.1,e,o,c`,
    )
    expect(lines['equity.csv']![1]).toBe(`${day},a,USDT,1000,0`)
    expect(texts[0]).toContain('Trades (first 200 of 1200; trades.csv has all)')
    await rm(folder, { recursive: true })
  })
})
