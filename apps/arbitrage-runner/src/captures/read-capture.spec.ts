import { describe, expect, it } from 'vitest'
import { capturePath, capturesFolder } from '../testing/captures.js'
import { CommandLine } from '../testing/command-line.js'
import { readCapture } from './read-capture.js'

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe.skipIf(capturesFolder === undefined)('a capture of traffic', () => {
  it('becomes quotes in order of time that end at the book that arb books shows', async () => {
    const path = capturePath('gateio-spot.ndjson')
    const books = await new CommandLine().run('books', '--exchange', 'gateio', '--capture', path)
    const shown = books.output.lines
      .map(
        (line) =>
          JSON.parse(line) as { symbol: string; trusted: boolean; bids: [string, string][]; asks: [string, string][] },
      )
      .filter(({ trusted }) => trusted)
    expect(shown.length).toBeGreaterThan(5)
    for (const { symbol, bids, asks } of shown) {
      const quotes = await collect(readCapture(`gateio:spot:${symbol}`, path))
      const times = quotes.map(({ timestampMs }) => timestampMs)
      expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b))
      const last = quotes.at(-1)!
      expect([last.bidPrice.toString(), last.askPrice.toString()]).toEqual([bids[0]![0], asks[0]![0]])
    }
  })

  it('is refused where it does not hold the symbol', async () => {
    const quotes = readCapture('gateio:spot:NO/PE', capturePath('gateio-spot.ndjson'))
    await expect(collect(quotes)).rejects.toThrow('no trusted book of gateio:spot:NO/PE')
  })
})
