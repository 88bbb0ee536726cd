import { stripVTControlCharacters } from 'node:util'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { RecordingOutput } from '../testing/recording-output.js'
import { formatStatus, formatTrade, palette } from './format-status.js'
import { StatusDisplay } from './status-display.js'
import type { StatusSnapshot, TradeStatus } from './status-snapshot.js'

const trade: TradeStatus = {
  correlationId: 'c-1',
  atMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  strategy: 'spot-spot',
  symbol: 'BTC/USDT',
  route: 'mexc → gateio',
  quantity: '0.01',
  orders: [],
  end: 'completed',
  expectedProfit: '0.5',
  realisedProfit: '-0.1',
  profitAsset: 'USDT',
  difference: '-0.6',
  attribution: { latency: '-0.5', slippage: '0', fees: '0', rounding: '0', partialFill: '-0.1', unwind: '0' },
  durationMs: 41.6,
}

const status: StatusSnapshot = {
  mode: 'simulated',
  state: 'trading',
  startedAtMs: 0,
  uptimeMs: 61_000,
  exchanges: [
    {
      exchange: 'mexc',
      marketDataConnected: true,
      accountConnected: false,
      booksTrusted: 2,
      booksTotal: 3,
      frames: 12_345,
      gaps: 1,
      resyncs: 2,
      reconnects: 0,
      clockOffsetMs: undefined,
      openOrders: 0,
    },
  ],
  opportunities: { evaluations: 10, found: 2, refusals: { no_edge: 8, balance: 1, stale_quote: 0 } },
  trades: { byEnd: { completed: 2, halted: 0 }, profit: [{ asset: 'USDT', expected: '1', realised: '0.9' }] },
  recentTrades: [trade],
  balances: [],
  positions: [],
  halts: [{ rule: 'file', detail: 'the file exists' }],
  memory: { rssBytes: 0, heapUsedBytes: 0 },
}

describe('StatusDisplay on a terminal', () => {
  it('redraws its block in place and leaves the cursor visible at the end', async () => {
    const output = new RecordingOutput(true)
    const clock = new ManualClock()
    const display = new StatusDisplay(output, clock, () => status)
    display.start()
    const once = output.rawText
    expect(once).toContain('up 1 min 1 s')
    expect(once).toContain('why not: no_edge 8, balance 1')
    expect(once).toContain('file: the file exists')
    expect(once).toContain('-0.6 against expectation: latency -0.5, partial fill -0.1')
    await clock.advance(600)
    expect(output.rawText.split('\u001B[J')).toHaveLength(3)
    display.stop()
    expect(output.rawText.endsWith('\u001B[?25h')).toBe(true)
    expect(clock.pendingTimers).toBe(0)
  })

  it('cuts lines at the width of the terminal, so that redrawing stays in step', () => {
    const output = new RecordingOutput(true, 40)
    const display = new StatusDisplay(output, new ManualClock(), () => status)
    display.start()
    display.stop()
    for (const line of stripVTControlCharacters(output.rawText).split('\n')) expect(line.length).toBeLessThan(40)
  })

  it('keeps a notice above the block, which it draws anew', () => {
    const output = new RecordingOutput(true)
    const display = new StatusDisplay(output, new ManualClock(), () => status)
    display.notice(['too early to redraw'])
    expect(output.rawText).toBe('')
    display.start()
    display.notice(['Configuration changed'])
    expect(output.lines).toEqual(['too early to redraw', 'Configuration changed'])
    expect(output.rawText.split('\u001B[J')).toHaveLength(2)
    display.stop()
  })
})

describe('StatusDisplay elsewhere', () => {
  it('writes a line per trade and a summary from time to time', async () => {
    const output = new RecordingOutput()
    const clock = new ManualClock()
    const display = new StatusDisplay(output, clock, () => ({
      ...status,
      recentTrades: [],
      trades: { byEnd: {}, profit: [] },
    }))
    display.start()
    display.onTrade(trade)
    display.onTrade({ ...trade, realisedProfit: '0.4' })
    expect(output.lines[0]).toContain('expected +0.5')
    expect(output.lines[0]).toContain('realised -0.1 USDT')
    expect(output.lines[1]).toContain('realised +0.4 USDT')
    await clock.advance(10_000)
    expect(output.lines[2]).toBe('trading | mexc connected 2/3 books | trades none')
    display.stop()
    expect(output.rawText).toBe('')
  })
})

describe('formatStatus', () => {
  const lines = (changes: Partial<StatusSnapshot>): string =>
    formatStatus({ ...status, ...changes }, palette(true)).join('\n')

  it('tells a young engine without trades, refusals or profit', () => {
    const text = stripVTControlCharacters(
      lines({
        state: 'starting',
        uptimeMs: 5_000,
        exchanges: [{ ...status.exchanges[0]!, clockOffsetMs: -1.25 }],
        opportunities: { evaluations: 0, found: 0, refusals: {} },
        recentTrades: [],
        trades: { byEnd: {}, profit: [] },
        halts: [],
      }),
    )
    expect(text).toContain('starting  up 5 s')
    expect(text).toContain('-1.3 ms')
    expect(text).toContain('No trade yet.')
    expect(text).toContain('Trades  none')
    expect(text).not.toContain('why not')
  })

  it('colours gains and losses apart', () => {
    const gain = formatTrade({ ...trade, realisedProfit: '0.1' }, palette(true))
    const loss = formatTrade(trade, palette(true))
    expect(gain).toContain('\u001B[32m')
    expect(loss).toContain('\u001B[31m')
  })
})
