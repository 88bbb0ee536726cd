import { Decimal, Instrument, type TradingStatus } from '@cex-arbitrage/common'
import { gateioExchangeId } from '../constants.js'
import { parseGateioSymbol } from '../symbols.js'
import { decimalSizeDecimals } from './constants.js'
import { gateioContractSchema, type GateioContract } from './schemas.js'

/** The base rates of the documentation, where a row states none. */
const standardFee = Decimal.parse('0.00075')

/**
 * A row of `GET /futures/usdt/contracts` as an instrument; quantities count contracts. `undefined` for a row that cannot
 * be read, and for inverse contracts, whose arithmetic is another.
 */
export function mapGateioContract(row: unknown): Instrument | undefined {
  const contract = gateioContractSchema.safeParse(row).data
  if (contract === undefined || (contract.type ?? 'direct') !== 'direct') return undefined
  if (contract.order_price_round.sign <= 0 || contract.quanto_multiplier.sign <= 0) return undefined
  const { symbol, base, quote } = parseGateioSymbol(contract.name)
  const sizeDecimals = contract.enable_decimal === true ? decimalSizeDecimals : 0
  const lotSize = lotSizeOf(contract, sizeDecimals)
  const band = contract.order_price_deviate
  return new Instrument({
    exchange: gateioExchangeId,
    marketType: 'futures',
    symbol,
    base,
    quote,
    exchangeSymbol: contract.name,
    tickSize: contract.order_price_round,
    lotSize,
    quantityDecimals: Math.max(sizeDecimals, lotSize.decimals),
    ...(contract.order_size_min && { minQuantity: contract.order_size_min }),
    ...(contract.order_size_max && { maxQuantity: contract.order_size_max }),
    contractSize: contract.quanto_multiplier,
    fees: {
      maker: contract.maker_fee_rate ?? standardFee,
      taker: contract.taker_fee_rate ?? standardFee,
      assetRule: 'quote',
    },
    status: statusOf(contract),
    ...(band !== undefined && band.sign > 0 && { priceBand: { buyAboveRatio: band, sellBelowRatio: band } }),
  })
}

/** Whole contracts; where fractions are allowed no step is stated, so that of the smallest order counts. */
function lotSizeOf({ order_size_min: smallest }: GateioContract, sizeDecimals: number): Decimal {
  if (sizeDecimals === 0 || smallest === undefined || smallest.sign <= 0) return Decimal.one
  return Decimal.of(1n, Math.min(sizeDecimals, smallest.decimals))
}

function statusOf({ status, in_delisting: isDelisting }: GateioContract): TradingStatus {
  return (status ?? 'trading') === 'trading' && isDelisting !== true ? 'trading' : 'halted'
}
