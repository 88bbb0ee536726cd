import {
  ExchangeDataException,
  createExchangeId,
  silentLogger,
  systemClock,
  systemRandom,
  usPerMs,
  type Decimal,
  type MarketType,
  type OrderBook,
} from '@cex-arbitrage/common'
import { readQuoteCapture, type CapturedQuote } from '@cex-arbitrage/trading'
import { createFactoryManager } from '../composition/built-in-exchanges.js'
import { feedCapture } from './feed-capture.js'

/**
 * The best quotes of a capture: of a CSV as they stand there, of recorded traffic (`.ndjson`) as the exchange's own decoder
 * and book synchronisation come to them.
 *
 * @param name - `gateio:spot:BTC/USDT`; picks exchange, market and symbol of recorded traffic.
 * @throws {@link ExchangeDataException} The traffic holds no trusted book of the symbol.
 */
export function readCapture(name: string, path: string): AsyncIterable<CapturedQuote> {
  return path.endsWith('.ndjson') ? readTraffic(name, path) : readQuoteCapture(path)
}

async function* readTraffic(name: string, path: string): AsyncGenerator<CapturedQuote, void, undefined> {
  const [exchange = '', marketType = '', symbol] = name.split(':')
  const context = { clock: systemClock, random: systemRandom, logger: silentLogger }
  const manager = createFactoryManager(() => context)
  const replay = manager.createCaptureReplay(createExchangeId(exchange), marketType as MarketType)
  await feedCapture(replay, path)
  const quotes: CapturedQuote[] = []
  replay.books((book) => {
    if (book.instrument.symbol !== symbol) return
    const quote = quoteOf(book)
    if (quote === undefined) return
    // One quote a millisecond, the last: captures have no two of one time.
    if (quotes.at(-1)?.timestampMs === quote.timestampMs) quotes.pop()
    quotes.push(quote)
  })
  if (quotes.length === 0)
    throw new ExchangeDataException({ message: `${path} holds no trusted book of ${name}. Check the name.` })
  yield* quotes
}

function quoteOf({ trust, bids, asks, instrument, receivedAtUs }: OrderBook): CapturedQuote | undefined {
  if (trust !== 'trusted' || bids.depth === 0 || asks.depth === 0) return undefined
  const quantity = (lots: number): Decimal => instrument.lotsToQuantity(lots)
  return {
    timestampMs: Math.floor(receivedAtUs / usPerMs),
    bidPrice: instrument.ticksToPrice(bids.priceTicksAt(0)),
    bidQuantity: quantity(bids.quantityLotsAt(0)),
    askPrice: instrument.ticksToPrice(asks.priceTicksAt(0)),
    askQuantity: quantity(asks.quantityLotsAt(0)),
  }
}
