import type { Decimal } from '@cex-arbitrage/common'

import type { Position } from './position.js'

/** Why the wallet of an account changed. */
export type WalletEntryType = 'transfer' | 'pnl' | 'fee' | 'funding' | 'insurance'

/** One change of a wallet. */
export interface WalletEntry {
  /** Consecutive over the whole venue. */
  readonly id: number
  readonly accountId: string
  readonly asset: string
  readonly type: WalletEntryType
  readonly change: Decimal
  /** After it. */
  readonly balance: Decimal
  /** Name of the perpetual; of transfers none. */
  readonly symbol?: string
  readonly tradeId?: number
  readonly orderId?: string
  readonly atMs: number
}

/** Told synchronously, after an execution, a settlement of funding or a setting. Positions are live objects. */
export interface MarginListener {
  onPosition?(position: Position): void
  onWallet?(entry: WalletEntry): void
}
