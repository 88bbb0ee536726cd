import { Decimal, JournalException, createExchangeId } from '@cex-arbitrage/common'
import { createTestInstrument } from '@cex-arbitrage/common/testing'
import type { ExecutionRecord, ExecutionRecordOf } from '@cex-arbitrage/trading'
import { describe, expect, it } from 'vitest'
import { InstrumentCatalogue } from '../instrument-catalogue.js'
import type { JournalTableName, TableRow } from '../schema.js'
import { ExecutionProjection } from './execution-projection.js'

const cheap = createTestInstrument({ exchange: createExchangeId('cheap') })
const dear = createTestInstrument({ exchange: createExchangeId('dear') })
const perpetual = createTestInstrument({
  exchange: createExchangeId('dear'),
  marketType: 'futures',
  contractSize: Decimal.parse('0.01'),
  lotSize: Decimal.one,
})

const createProjection = (): ExecutionProjection =>
  new ExecutionProjection('test', InstrumentCatalogue.of([cheap, dear, perpetual]))

function rowsOf<Table extends JournalTableName>(
  rows: readonly TableRow<JournalTableName>[],
  table: Table,
): readonly TableRow<Table>['row'][] {
  return rows.filter((entry) => entry.table === table).map(({ row }) => row as unknown as TableRow<Table>['row'])
}

const leg = (instrumentId: string, side: 'buy' | 'sell') => ({
  instrumentId,
  side,
  priceTicks: 10_000,
  quantityLots: 5_000,
  expectedNotional: '50',
  expectedFee: '0.05',
  expectedFeeAsset: 'USDT',
})

const start = (correlationId: string): ExecutionRecordOf<'trade_start'> => ({
  kind: 'trade_start',
  atMs: 1,
  plan: {
    correlationId,
    strategy: 'spot-spot',
    symbol: 'BTC/USDT',
    legs: [leg(cheap.id, 'buy'), leg(dear.id, 'sell')],
    expectedProfit: '0.4',
    sending: 'concurrent',
    surplusPrices: [{ asset: 'BTC', price: '99' }],
    profitAsset: 'USDT',
    netEdgeBps: 8,
    quoteAgeUs: 10.5,
    decidedAtUs: 77,
  },
  legIds: [`${correlationId}-1`, `${correlationId}-2`],
})

const intent = (correlationId: string, instrumentId: string = cheap.id): ExecutionRecordOf<'intent'> => ({
  kind: 'intent',
  atMs: 2,
  correlationId,
  clientOrderId: `${correlationId}-1`,
  role: 'leg',
  instrumentId,
  side: 'buy',
  priceTicks: 10_000,
  quantityLots: 5_000,
})

const end = (
  correlationId: string,
  outcome: ExecutionRecordOf<'trade_end'>['end'],
  residuals: ExecutionRecordOf<'trade_end'>['residuals'] = [],
): ExecutionRecordOf<'trade_end'> => ({
  kind: 'trade_end',
  atMs: 9,
  correlationId,
  end: outcome,
  expectedProfit: '0.4',
  realisedProfit: '-0.1',
  profitAsset: 'USDT',
  refused: true,
  handedOver: false,
  attribution: { latency: '-0.5', slippage: '0', fees: '0', rounding: '0', partialFill: '0', unwind: '0' },
  residuals,
  durationUs: 1_234.5,
})

const fill = (fillId: string, instrumentId: string, clientOrderId: string | null) => ({
  fillId,
  instrumentId,
  exchangeOrderId: 'x1',
  clientOrderId,
  side: 'buy' as const,
  price: '100',
  quantity: '0.5',
  fee: '0.05',
  feeAsset: 'USDT',
  role: 'taker' as const,
  exchangeTimeMs: 5,
})

describe('ExecutionProjection', () => {
  it('follows one order from its intent to its fill, in exact texts', () => {
    const projection = createProjection()
    const legs = rowsOf(projection.take(start('a')), 'legs')
    expect(legs.map(({ price, quantity, exchange }) => [price, quantity, exchange])).toEqual([
      ['100', '0.5', 'cheap'],
      ['100', '0.5', 'dear'],
    ])
    const stateAfter = (record: ExecutionRecord): unknown => {
      const [order] = rowsOf(projection.take(record), 'orders')
      return [order!.state, order!.attempts, order!.filledQuantity, order!.sendNotional]
    }
    const evidence = (given: ExecutionRecordOf<'leg'>['evidence']): ExecutionRecord => ({
      kind: 'leg',
      atMs: 3,
      clientOrderId: 'a-1',
      evidence: given,
    })
    expect(stateAfter(intent('a'))).toEqual(['journaled', 0, '0', null])
    expect(stateAfter(evidence({ kind: 'sent', attempt: 1, atMs: 3 }))).toEqual(['sent', 1, '0', null])
    expect(stateAfter({ kind: 'send_quote', atMs: 3, clientOrderId: 'a-1', notional: '49.9' })).toEqual([
      'sent',
      1,
      '0',
      '49.9',
    ])
    expect(stateAfter(evidence({ kind: 'unanswered', code: 'EXCHANGE_UNAVAILABLE' }))).toEqual([
      'unknown',
      1,
      '0',
      '49.9',
    ])
    const filled = projection.take(evidence({ kind: 'fill', fill: fill('f1', cheap.id, 'a-1') }))
    expect(rowsOf(filled, 'orders')[0]).toMatchObject({ state: 'filled', filledNotional: '50', exchangeOrderId: 'x1' })
    expect(rowsOf(filled, 'fills')[0]).toMatchObject({ origin: 'trading', correlationId: 'a', quantity: '0.5' })
    expect(
      rowsOf(filled, 'ledgerBalances').map(({ account, asset, amount }) => `${account} ${asset} ${amount}`),
    ).toEqual(
      expect.arrayContaining(['venue:cheap BTC 0.5', 'venue:cheap USDT -50.05', 'fees USDT 0.05', 'trading USDT 50']),
    )
    expect(projection.take(evidence({ kind: 'fill', fill: fill('f1', cheap.id, 'a-1') }))).toEqual([])
  })

  it('keeps why an order was refused', () => {
    const projection = createProjection()
    projection.take(start('a'))
    projection.take(intent('a'))
    const refused = { kind: 'refused', code: 'INSUFFICIENT_FUNDS', message: 'too little' } as const
    const rows = projection.take({ kind: 'leg', atMs: 3, clientOrderId: 'a-1', evidence: refused })
    expect(rowsOf(rows, 'orders')[0]).toMatchObject({
      state: 'rejected',
      refusalCode: 'INSUFFICIENT_FUNDS',
      refusalMessage: 'too little',
    })
  })

  it('takes an order for rejected that had not left when its trade ended', () => {
    const projection = createProjection()
    projection.take(start('a'))
    projection.take(intent('a'))
    const rows = projection.take(end('a', 'aborted'))
    expect(rowsOf(rows, 'orders')[0]).toMatchObject({ state: 'rejected', sentAtMs: null })
    expect(rowsOf(rows, 'trades')[0]).toMatchObject({
      outcome: 'aborted',
      refused: 1,
      durationUs: 1_235,
      latency: '-0.5',
    })
  })

  it('lets a later end replace an earlier one, residuals included', () => {
    const projection = createProjection()
    projection.take(start('a'))
    const residual = (asset: string, amount: string) => ({ exchange: 'cheap', asset, amount })
    projection.take(end('a', 'halted', [residual('BTC', '0.1'), residual('USDT', '-10')]))
    const rows = projection.take(end('a', 'hedged', [residual('BTC', '0.01')]))
    expect(rowsOf(rows, 'residuals').map(({ residualIndex, amount }) => [residualIndex, amount])).toEqual([
      [0, '0.01'],
      [1, '0'],
    ])
    expect(projection.take(end('unknown', 'completed'))).toEqual([])
  })

  it('books fills that are not ours, and postings that are no fills', () => {
    const projection = createProjection()
    const foreign = {
      kind: 'foreign_fill',
      atMs: 1,
      exchange: 'cheap',
      fill: fill('f9', cheap.id, null),
      orphan: false,
    } as const
    const rows = projection.take(foreign)
    expect(rowsOf(rows, 'fills')[0]).toMatchObject({ origin: 'foreign', clientOrderId: null, correlationId: null })
    expect(projection.take(foreign)).toEqual([])
    const posting = projection.take({
      kind: 'posting',
      atMs: 2,
      reason: 'transfer',
      entries: [
        { account: 'venue:cheap', asset: 'USDT', amount: '100' },
        { account: 'equity:transfer', asset: 'USDT', amount: '-100' },
      ],
    })
    expect(rowsOf(posting, 'ledgerPostings').map(({ position, entry, amount }) => [position, entry, amount])).toEqual([
      [2, 0, '100'],
      [2, 1, '-100'],
    ])
    expect(rowsOf(posting, 'ledgerBalances')[0]).toMatchObject({ account: 'venue:cheap', amount: '49.95' })
  })

  it('counts a futures fill by its contract size, as a position', () => {
    const projection = createProjection()
    const record = fill('f2', perpetual.id, null)
    const rows = projection.take({
      kind: 'foreign_fill',
      orphan: false,
      atMs: 1,
      exchange: 'dear',
      fill: { ...record, quantity: '3' },
    })
    expect(rowsOf(rows, 'ledgerBalances').map(({ account, asset, amount }) => `${account} ${asset} ${amount}`)).toEqual(
      expect.arrayContaining([
        'position:dear:futures:BTC/USDT BTC 0.03',
        'position:dear:futures:BTC/USDT USDT -3',
        'venue:dear:futures USDT -0.05',
      ]),
    )
  })

  it('notes sessions, balance checks and halts', () => {
    const projection = createProjection()
    expect(projection.take({ kind: 'session_stop', atMs: 1, openOrders: 0 })).toEqual([])
    projection.take({ kind: 'session_start', atMs: 2, fencingToken: 4 })
    const stopped = projection.take({ kind: 'session_stop', atMs: 3, openOrders: 1 })
    expect(rowsOf(stopped, 'sessions')).toEqual([
      { journal: 'test', position: 1, startedAtMs: 2, fencingToken: 4, stoppedAtMs: 3, openOrders: 1 },
    ])
    const differences = [{ asset: 'BTC', ledger: '1', exchange: '2' }]
    const check = projection.take({ kind: 'balance_check', atMs: 4, exchange: 'cheap', differences })
    expect(JSON.parse(rowsOf(check, 'balanceChecks')[0]!.differences)).toEqual(differences)
  })

  it('refuses evidence without an intent and instruments that nobody knows', () => {
    const evidence = { kind: 'cancel_requested' } as const
    expect(() => createProjection().take({ kind: 'leg', atMs: 1, clientOrderId: 'none', evidence })).toThrow(
      JournalException,
    )
    expect(() => createProjection().take(intent('a', 'cheap:spot:ETH/USDT'))).toThrow('instruments.ndjson')
  })

  it('forgets the oldest of very many ended trades, and never a halted one', () => {
    const projection = createProjection()
    projection.take(start('halted'))
    projection.take(intent('halted'))
    projection.take(end('halted', 'halted'))
    for (let i = 0; i <= 10_000; i++) {
      projection.take(start(`t${i}`))
      if (i === 0) projection.take(intent('t0'))
      projection.take(end(`t${i}`, 'completed'))
    }
    const asked = (id: string) => () =>
      projection.take({ kind: 'send_quote', atMs: 1, clientOrderId: id, notional: null })
    expect(asked('t0-1')).toThrow(JournalException)
    expect(rowsOf(asked('halted-1')(), 'orders')).toHaveLength(1)
    expect(projection.take(end('t0', 'completed'))).toEqual([])
  })
})
