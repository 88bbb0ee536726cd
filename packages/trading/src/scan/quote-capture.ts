import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { Decimal, ExchangeDataException } from '@cex-arbitrage/common'

/** One recorded best bid and ask. Prices are quote per base, quantities as the exchange counts them. */
export interface CapturedQuote {
  /** Unix milliseconds, the recorder's clock. */
  readonly timestampMs: number
  readonly bidPrice: Decimal
  readonly bidQuantity: Decimal
  readonly askPrice: Decimal
  readonly askQuantity: Decimal
}

const header = 'timestamp_ms,bid_price,bid_qty,ask_price,ask_qty'

/**
 * Reads a capture of best quotes line by line, in the order of the file: CSV with the header
 * `timestamp_ms,bid_price,bid_qty,ask_price,ask_qty`, ascending by time, gzip when the name ends in `.gz`.
 *
 * @throws {@link ExchangeDataException} A line that is no quote, or one older than the line before it; names file and line.
 * @throws Error of the file system when the file cannot be read.
 */
export async function* readQuoteCapture(path: string): AsyncGenerator<CapturedQuote, void, undefined> {
  const file = createReadStream(path)
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  // A pipe does not pass errors on: without this a missing file would hang the reader.
  if (input !== file) file.on('error', (error) => input.destroy(error))
  const lines = createInterface({ input, crlfDelay: Infinity })
  let lineNumber = 0
  let previousMs = Number.NEGATIVE_INFINITY
  const failure = new Promise<never>((_, reject) => input.once('error', reject))
  failure.catch(() => undefined)
  const iterator = lines[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), failure])
      if (next.done === true) break
      lineNumber++
      if (lineNumber === 1) {
        if (next.value !== header) throw unreadable(path, lineNumber, `the header is not '${header}'`)
        continue
      }
      if (next.value === '') continue
      const quote = parseQuote(next.value, path, lineNumber)
      if (quote.timestampMs < previousMs) throw unreadable(path, lineNumber, 'it is older than the line before')
      previousMs = quote.timestampMs
      yield quote
    }
    if (lineNumber === 0) throw unreadable(path, 1, 'the file is empty')
  } finally {
    lines.close()
    file.destroy()
  }
}

function parseQuote(line: string, path: string, lineNumber: number): CapturedQuote {
  const fields = line.split(',')
  const timestampMs = Number(fields[0])
  const [bidPrice, bidQuantity, askPrice, askQuantity] = fields.slice(1).map((text) => Decimal.tryParse(text))
  const whole = fields.length === 5 && fields[0] !== '' && Number.isSafeInteger(timestampMs)
  if (
    !whole ||
    bidPrice === undefined ||
    bidQuantity === undefined ||
    askPrice === undefined ||
    askQuantity === undefined
  )
    throw unreadable(path, lineNumber, 'it is not a time and four decimal numbers')
  if (bidPrice.sign <= 0 || askPrice.sign <= 0) throw unreadable(path, lineNumber, 'a price is not positive')
  return { timestampMs, bidPrice, bidQuantity, askPrice, askQuantity }
}

const unreadable = (path: string, line: number, why: string): ExchangeDataException =>
  new ExchangeDataException({ message: `${path}, line ${line} is no quote: ${why}.` })
