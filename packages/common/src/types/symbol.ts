import type { Brand } from './brand.js'
import { createAssetId, type AssetId } from './ids.js'

/** `BASE/QUOTE`, the same text for a pair on every exchange: `BTC/USDT`. */
export type Symbol = Brand<string, 'Symbol'>

export function createSymbol(base: AssetId, quote: AssetId): Symbol {
  return `${base}/${quote}` as Symbol
}

/**
 * Reads `BASE/QUOTE`. The last slash separates, so a base may carry one itself.
 *
 * @throws TypeError when either side is empty.
 */
export function parseSymbol(text: string): {
  readonly symbol: Symbol
  readonly base: AssetId
  readonly quote: AssetId
} {
  const at = text.lastIndexOf('/')
  if (at <= 0 || at === text.length - 1)
    throw new TypeError(`'${text}' is no symbol: write BASE/QUOTE, for example BTC/USDT.`)
  const base = createAssetId(text.slice(0, at))
  const quote = createAssetId(text.slice(at + 1))
  return { symbol: createSymbol(base, quote), base, quote }
}
