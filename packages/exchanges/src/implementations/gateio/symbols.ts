import { createAssetId, createSymbol, type AssetId, type Symbol } from '@cex-arbitrage/common'

/** The exchange's `BASE_QUOTE`; opaque but for its last underscore, and not always ASCII. */
export function toGateioSymbol(base: AssetId, quote: AssetId): string {
  return `${base}_${quote}`
}

/**
 * Reads the exchange's name of a pair or contract.
 *
 * @throws TypeError when there is no underscore between two names.
 */
export function parseGateioSymbol(text: string): {
  readonly symbol: Symbol
  readonly base: AssetId
  readonly quote: AssetId
} {
  const at = text.lastIndexOf('_')
  if (at <= 0 || at === text.length - 1)
    throw new TypeError(`'${text}' is no Gate.io symbol: BASE_QUOTE is, for example BTC_USDT.`)
  const base = createAssetId(text.slice(0, at))
  const quote = createAssetId(text.slice(at + 1))
  return { symbol: createSymbol(base, quote), base, quote }
}
