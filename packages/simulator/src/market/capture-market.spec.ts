import { existsSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { Decimal } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'

import { createGateioVenue } from '../venues/gateio/create-gateio-venue.js'
import type { CaptureMarketOptions } from './capture-market.js'
import { parseQuoteCapture, readQuoteCapture } from './quote-capture.js'

const text = [
  'timestamp_ms,bid_price,bid_qty,ask_price,ask_qty',
  '1000,0.00003600,1000.5,0.00003610,2000',
  '1100,0.00003605,500,0.00003606,700',
  '2100,0.000036055,500,0.0000360551,700',
  '',
].join('\n')

function createVenue(options: CaptureMarketOptions = {}) {
  const clock = new ManualClock()
  const quotes = parseQuoteCapture(text)
  const venue = createGateioVenue({ clock, market: { kind: 'capture', symbol: 'LUNC/USDT', quotes, ...options } })
  const best = (): unknown[] => {
    const { bids, asks } = venue.core.engine('LUNC/USDT')
    return [bids.best?.priceTicks, bids.best?.totalLots, asks.best?.priceTicks, asks.best?.totalLots]
  }
  return { venue, clock, best }
}

describe('a market from a capture', () => {
  it('shows each row at its time, and prices off the grid away from the spread', async () => {
    const { venue, clock, best } = createVenue()
    venue.market.start()
    expect(best()).toEqual([3600, 1000, 3610, 2000])
    await clock.advance(99)
    expect(best()).toEqual([3600, 1000, 3610, 2000])
    await clock.advance(1)
    expect(best()).toEqual([3605, 500, 3606, 700])
    await clock.advance(1_000)
    expect(best()).toEqual([3605, 500, 3606, 700])
    expect(clock.pendingTimers).toBe(0)
    const sequence = venue.core.engine('LUNC/USDT').sequence
    venue.market.stop()
    expect(venue.core.engine('LUNC/USDT').sequence).toBe(sequence)
  })

  it('plays faster, multiplies contracts and begins anew when told', async () => {
    const { venue, clock, best } = createVenue({ speed: 100, quantityFactor: Decimal.of(10), repeat: true })
    venue.market.start()
    expect(best()).toEqual([3600, 10_005, 3610, 20_000])
    await clock.advance(11)
    expect(best()).toEqual([3605, 5_000, 3606, 7_000])
    await clock.advance(1)
    expect(best()).toEqual([3600, 10_005, 3610, 20_000])
    venue.market.stop()
    expect(clock.pendingTimers).toBe(0)
  })

  it('catches up with an origin in the past', () => {
    const { venue, clock, best } = createVenue({ originMs: new ManualClock().nowMs() - 150 })
    venue.market.start()
    expect(best()).toEqual([3605, 500, 3606, 700])
    expect(clock.pendingTimers).toBe(1)
    venue.market.stop()
  })

  it('needs a symbol that is listed', () => {
    const market = { kind: 'capture', symbol: 'X/Y', quotes: [] } as const
    expect(() => createGateioVenue({ market })).toThrow(RangeError)
  })
})

describe('reading a capture', () => {
  it('unpacks gzip', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'capture-'))
    try {
      writeFileSync(join(folder, 'a.csv.gz'), gzipSync(text))
      writeFileSync(join(folder, 'a.csv'), text)
      const [packed, plain] = await Promise.all(
        ['a.csv.gz', 'a.csv'].map((name) => readQuoteCapture(join(folder, name))),
      )
      expect(packed).toEqual(plain)
      expect(packed!.map(({ timestampMs }) => timestampMs)).toEqual([1000, 1100, 2100])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each([
    ['a,b', /^Line 1: a quote capture begins with/],
    ['timestamp_ms,bid_price,bid_qty,ask_price,ask_qty\n1,2,3,4', /^Line 2: '1,2,3,4' is no quote/],
    ['timestamp_ms,bid_price,bid_qty,ask_price,ask_qty\nx,1,1,1,1', /^Line 2/],
    ['timestamp_ms,bid_price,bid_qty,ask_price,ask_qty\n1,1,1,1,x', /^Line 2/],
    ['timestamp_ms,bid_price,bid_qty,ask_price,ask_qty\n2,1,1,2,1\n1,1,1,2,1', /^Line 3/],
  ])('refuses %j', (bad, message) => {
    expect(() => parseQuoteCapture(bad)).toThrow(message)
  })
})

const recorded = capturesFolder()

describe.skipIf(recorded === undefined)('the recorded LUNC/USDT quotes (skipped where the captures are absent)', () => {
  it('replay into the book to the last row and never cross', async () => {
    const quotes = (await readQuoteCapture(join(recorded!, 'mexc-spot-lunc-usdt.csv.gz'))).slice(0, 500)
    const clock = new ManualClock()
    const venue = createGateioVenue({ clock, market: { kind: 'capture', symbol: 'LUNC/USDT', quotes, speed: 1_000 } })
    const { bids, asks, symbol } = venue.core.engine('LUNC/USDT')
    venue.market.start()
    for (let i = 0; i < 40; i++) {
      await clock.advance(10)
      expect(bids.best!.priceTicks).toBeLessThan(asks.best!.priceTicks)
    }
    expect(clock.pendingTimers).toBe(0)
    const shown = quotes.at(-1)!
    expect(symbol.price(bids.best!.priceTicks).toString()).toBe(shown.bidPrice.toString())
    expect(symbol.price(asks.best!.priceTicks).toString()).toBe(shown.askPrice.toString())
  })
})

/** Where recorded data lies; a continuous integration run must have it. */
function capturesFolder(): string | undefined {
  const folder =
    process.env['CEX_ARBITRAGE_CAPTURES'] ?? new URL('../../../../../shared/captures', import.meta.url).pathname
  if (existsSync(join(folder, 'mexc-spot-lunc-usdt.csv.gz'))) return folder
  if (process.env['CI'] !== undefined) throw new Error(`There are no captures in ${folder}.`)
  return undefined
}
