import type { Account } from '../../accounts/account-book.js'
import type { FeeAmount } from '../../accounts/order-funds.js'
import type { VenueHost } from '../../venue/venue-host.js'
import { mexcErrors } from './api-error.js'
import type { ListenKeys } from './listen-keys.js'
import type { MarketData } from './market-data.js'
import type { MexcSymbol } from './mexc-symbol.js'
import { refuse } from './rest-call.js'
import type { MexcKeyOptions, MexcSettings } from './settings.js'
import type { StrategyGroups } from './strategy-groups.js'

/** Everything that routes and streams share. */
export interface VenueState {
  readonly host: VenueHost
  readonly settings: MexcSettings
  /** By id, such as `BTCUSDT`. */
  readonly symbols: ReadonlyMap<string, MexcSymbol>
  readonly data: MarketData
  readonly listenKeys: ListenKeys
  readonly groups: StrategyGroups
  readonly deduction: MxDeduction
}

/** Fee payment in MX: who wants it, and what a fee costs in it. */
export interface MxDeduction {
  isEnabled(account: Account): boolean
  setEnabled(account: Account, enabled: boolean): void
  substitute(account: Account, due: FeeAmount): FeeAmount | undefined
}

/** @throws MexcRefusal -1121 for a pair that is not listed. */
export const listedSymbol = (state: VenueState, id: string): MexcSymbol =>
  state.symbols.get(id) ?? refuse(mexcErrors.invalidSymbol)

/** @throws MexcRefusal 30014 for a pair that is not listed. */
export const orderSymbol = (state: VenueState, id: string): MexcSymbol =>
  state.symbols.get(id) ?? refuse(mexcErrors.invalidOrderSymbol)

export const keyOptions = ({ settings }: VenueState, key: string): MexcKeyOptions => settings.keys[key] ?? {}
