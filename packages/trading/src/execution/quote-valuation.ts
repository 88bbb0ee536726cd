import type { AssetId, Decimal, Instrument } from '@cex-arbitrage/common'
import type { AssetValuation } from '../portfolio/attribute-profit.js'
import type { ExecutableQuotes } from '../types/executable-quotes.js'

const priceDecimals = 18

/** Values an asset at what the smallest sale of it would bring on the first exchange whose book can be trusted. */
export function createQuoteValuation(
  instruments: readonly Instrument[],
  quotes: ExecutableQuotes,
): (profitAsset: AssetId) => AssetValuation {
  return (profitAsset) => (asset) => {
    for (const instrument of instruments) {
      if (instrument.base !== asset || instrument.quote !== profitAsset || instrument.marketType !== 'spot') continue
      const price = sellingPrice(instrument, quotes)
      if (price !== undefined) return price
    }
    return undefined
  }
}

function sellingPrice(instrument: Instrument, quotes: ExecutableQuotes): Decimal | undefined {
  const quote = quotes.quote(instrument, 'sell', instrument.lotStep)
  if (quote === undefined || quote.quantityLots === 0) return undefined
  return quote.notional.dividedBy(instrument.lotsToQuantity(quote.quantityLots), priceDecimals, 'down')
}
