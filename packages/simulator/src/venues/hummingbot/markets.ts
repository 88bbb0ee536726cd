import type { ExchangeCore } from '../../matching/exchange-core.js'
import type { TradingSymbol } from '../../matching/trading-symbol.js'

/** `BASE-QUOTE`, as hummingbot-api spells it. */
export const pairOf = (symbol: TradingSymbol): string => `${symbol.base}-${symbol.quote}`

/** The symbol that hummingbot-api calls `BASE-QUOTE`, in exactly this spelling. */
export const findPair = (core: ExchangeCore, pair: string): TradingSymbol | undefined =>
  core.symbols.get(pair.replace('-', '/'))

/** The symbol that a client of the WebSocket protocol means by `ETH-USDT`, `ETH/USDT` or `eth_usdt`. */
export const findMarket = (core: ExchangeCore, market: string): TradingSymbol | undefined =>
  core.symbols.get(market.toUpperCase().replace(/[-_]/, '/'))
