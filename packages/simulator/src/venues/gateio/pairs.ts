import type { ExchangeCore } from '../../matching/exchange-core.js'
import type { TradingSymbol } from '../../matching/trading-symbol.js'
import { FuturesRefusal, GateioRefusal, missingParam, textOf } from './gateio-refusal.js'

/** `BASE_QUOTE`. */
export const pairOf = (symbol: TradingSymbol): string => `${symbol.base}_${symbol.quote}`

/** @throws {@link GateioRefusal} when the pair is missing, malformed or not listed. */
export function findPair(core: ExchangeCore, pair: unknown): TradingSymbol {
  if (pair === undefined || pair === null || pair === '') throw missingParam('currency_pair')
  const symbol = listedPair(core, textOf(pair))
  if (symbol !== undefined) return symbol
  const [base, quote] = splitPair(textOf(pair))
  if (base === undefined || quote === undefined)
    throw new GateioRefusal(400, 'INVALID_CURRENCY_PAIR', `Invalid currency pair ${textOf(pair)}`)
  const known = [...core.symbols.values()].some((listed) => listed.base === base || listed.quote === base)
  throw new GateioRefusal(400, 'INVALID_CURRENCY', `Invalid currency ${known ? quote : base}`)
}

export function listedPair(core: ExchangeCore, pair: string): TradingSymbol | undefined {
  const [base, quote] = splitPair(pair)
  return base === undefined || quote === undefined ? undefined : core.symbols.get(`${base}/${quote}`)
}

/** @throws {@link GateioRefusal} when the contract is missing or not listed. */
export function findContract(core: ExchangeCore, contract: unknown): TradingSymbol {
  if (contract === undefined || contract === null || contract === '') throw missingParam('contract')
  const symbol = listedContract(core, textOf(contract))
  if (symbol === undefined) throw new FuturesRefusal(400, 'CONTRACT_NOT_FOUND')
  return symbol
}

export function listedContract(core: ExchangeCore, contract: string): TradingSymbol | undefined {
  const [base, quote] = splitPair(contract)
  return base === undefined || quote === undefined ? undefined : core.symbols.get(`${base}/${quote}:${quote}`)
}

function splitPair(pair: string): readonly [string, string] | readonly [undefined, undefined] {
  const at = pair.lastIndexOf('_')
  return at <= 0 || at === pair.length - 1 ? [undefined, undefined] : [pair.slice(0, at), pair.slice(at + 1)]
}
