import { Instrument, createAssetId, createSymbol } from '@cex-arbitrage/common'
import { sampleExchangeId } from './constants.js'
import { sampleInstrumentSchema } from './schemas.js'

/** A listed pair as an instrument; `undefined` for a row that cannot be read. */
export function mapSampleInstrument(row: unknown): Instrument | undefined {
  const pair = sampleInstrumentSchema.safeParse(row).data
  if (pair === undefined) return undefined
  const [base, quote] = [createAssetId(pair.base), createAssetId(pair.quote)]
  return new Instrument({
    exchange: sampleExchangeId,
    marketType: 'spot',
    symbol: createSymbol(base, quote),
    base,
    quote,
    exchangeSymbol: pair.symbol,
    tickSize: pair.tickSize,
    lotSize: pair.lotSize,
    minNotional: pair.minNotional,
    fees: { maker: pair.makerFee, taker: pair.takerFee, assetRule: 'quote' },
    status: pair.trading ? 'trading' : 'halted',
  })
}
