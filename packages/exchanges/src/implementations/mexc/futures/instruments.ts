import { Decimal, Instrument, createAssetId, createSymbol } from '@cex-arbitrage/common'
import { mexcExchangeId } from '../constants.js'
import { mexcContractSchema, type MexcContract } from './schemas.js'

/** The base rate of the announcements, where a row states none. */
const standardFee = Decimal.parse('0.0002')

/**
 * A row of `GET /api/v1/contract/detail` as an instrument; quantities count contracts. `undefined` for a row that cannot
 * be read, and for what is no perpetual settled in quote, whose arithmetic is another.
 */
export function mapMexcContract(row: unknown): Instrument | undefined {
  const contract = mexcContractSchema.safeParse(row).data
  if (contract === undefined || !isLinearPerpetual(contract)) return undefined
  const base = createAssetId(contract.baseCoin)
  const quote = createAssetId(contract.quoteCoin)
  const { minVol, bidLimitPriceRate: above, askLimitPriceRate: below } = contract
  const maxVol = contract.limitMaxVol ?? contract.maxVol
  return new Instrument({
    exchange: mexcExchangeId,
    marketType: 'futures',
    symbol: createSymbol(base, quote),
    base,
    quote,
    exchangeSymbol: contract.symbol,
    tickSize: contract.priceUnit,
    lotSize: contract.volUnit,
    ...(isPositive(minVol) && { minQuantity: minVol }),
    ...(isPositive(maxVol) && { maxQuantity: maxVol }),
    contractSize: contract.contractSize,
    fees: {
      maker: contract.makerFeeRate ?? Decimal.zero,
      taker: contract.takerFeeRate ?? standardFee,
      assetRule: 'quote',
    },
    status: contract.state === 0 && contract.apiAllowed === true ? 'trading' : 'halted',
    ...(isPositive(above) && isPositive(below) && { priceBand: { buyAboveRatio: above, sellBelowRatio: below } }),
  })
}

function isLinearPerpetual(contract: MexcContract): boolean {
  const { futureType, settleCoin, quoteCoin, contractSize, priceUnit, volUnit } = contract
  if ((futureType ?? 1) !== 1 || settleCoin !== quoteCoin) return false
  return isPositive(contractSize) && isPositive(priceUnit) && isPositive(volUnit)
}

const isPositive = (value: Decimal | undefined): value is Decimal => value !== undefined && value.sign > 0
