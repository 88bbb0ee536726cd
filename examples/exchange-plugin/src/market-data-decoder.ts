import type { BookChanges, Instrument, Trade } from '@cex-arbitrage/common'
import { SampleLevelReader } from './book-sync.js'
import { sampleBookPushSchema, sampleTradeSchema } from './schemas.js'
import type { SampleSymbols } from './symbols.js'

/** What a frame was. `about` is the instrument, where it names one. */
export type SamplePush =
  | { readonly kind: 'book'; readonly about: Instrument; readonly changes: BookChanges }
  | { readonly kind: 'trade'; readonly about: Instrument; readonly trade: Trade }
  | { readonly kind: 'other' }
  | { readonly kind: 'corrupt'; readonly about: Instrument | undefined }

const topicPattern = /"topic":"(book|trades):([^"]+)"/

/**
 * Reads the frames of the public stream through their schemas: right, and quick enough for a few books. Where a frame must
 * cost less, read its bytes as the built-in exchanges do, and keep this as the reference of the spec.
 */
export class SampleMarketDataDecoder {
  private readonly levels = new SampleLevelReader()

  constructor(private readonly symbols: SampleSymbols) {}

  decode(text: string): SamplePush {
    const [, channel, symbol = ''] = topicPattern.exec(text) ?? []
    const about = this.symbols.get(symbol)
    try {
      const body: unknown = JSON.parse(text)
      if (channel === undefined || about === undefined) return { kind: 'other' }
      if (channel === 'book') {
        const { first, last, time, bids, asks } = sampleBookPushSchema.parse(body)
        return { kind: 'book', about, changes: this.levels.read(about, bids, asks, first, last, time) }
      }
      return { kind: 'trade', about, trade: mapTrade(sampleTradeSchema.parse(body), about) }
    } catch {
      return { kind: 'corrupt', about }
    }
  }
}

/** A public trade in our words. */
export const mapTrade = (trade: ReturnType<typeof sampleTradeSchema.parse>, instrument: Instrument): Trade => ({
  instrumentId: instrument.id,
  tradeId: trade.id,
  side: trade.side,
  price: trade.price,
  quantity: trade.quantity,
  exchangeTimeMs: trade.time,
})
