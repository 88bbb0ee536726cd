import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

import { Decimal } from '@cex-arbitrage/common'

/** One recorded best bid and ask. */
export interface CapturedQuote {
  readonly timestampMs: number
  readonly bidPrice: Decimal
  readonly bidQuantity: Decimal
  readonly askPrice: Decimal
  readonly askQuantity: Decimal
}

const header = 'timestamp_ms,bid_price,bid_qty,ask_price,ask_qty'

/**
 * Reads rows of `timestamp_ms,bid_price,bid_qty,ask_price,ask_qty`, ascending by time; gzip when the name ends in `.gz`.
 *
 * @throws TypeError naming the line that is malformed or out of order.
 */
export async function readQuoteCapture(path: string): Promise<CapturedQuote[]> {
  const bytes = await readFile(path)
  return parseQuoteCapture((path.endsWith('.gz') ? await promisify(gunzip)(bytes) : bytes).toString('utf8'))
}

/** As `readQuoteCapture`, from text. */
export function parseQuoteCapture(text: string): CapturedQuote[] {
  const lines = text.split('\n')
  if (lines[0]?.trim() !== header) throw new TypeError(`Line 1: a quote capture begins with '${header}'.`)
  const quotes: CapturedQuote[] = []
  let lastMs = -Infinity
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue
    const quote = parseLine(line)
    if (quote === undefined || quote.timestampMs < lastMs)
      throw new TypeError(`Line ${index + 1}: '${line.slice(0, 80)}' is no quote, or older than the one before.`)
    lastMs = quote.timestampMs
    quotes.push(quote)
  }
  return quotes
}

function parseLine(line: string): CapturedQuote | undefined {
  const [time = '', ...rest] = line.trim().split(',')
  const [bidPrice, bidQuantity, askPrice, askQuantity] = rest.map((text) => Decimal.tryParse(text))
  if (!/^\d+$/.test(time) || rest.length !== 4) return undefined
  if (!bidPrice || !bidQuantity || !askPrice || !askQuantity) return undefined
  return { timestampMs: Number(time), bidPrice, bidQuantity, askPrice, askQuantity }
}
