import type { Decimal } from './decimal.js'
import type { AssetId } from './ids.js'

/** What an account holds of one asset: `free` can be used, `locked` is bound by open orders. */
export interface Balance {
  readonly asset: AssetId
  readonly free: Decimal
  readonly locked: Decimal
}
