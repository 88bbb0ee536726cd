import { readQuoteCapture, type CapturedQuote } from '@cex-arbitrage/trading'

/** The best quotes of a capture, by the kind of its file. */
export function readCapture(_name: string, path: string): AsyncIterable<CapturedQuote> {
  return readQuoteCapture(path)
}
