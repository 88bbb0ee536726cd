import { feeAccountId, houseAccountId, isVenueAccount } from '../accounts/account-book.js'
import type { PerpetualMarket } from '../perpetuals/perpetual-market.js'
import type { Position } from '../perpetuals/position.js'
import type { WalletEntry } from '../perpetuals/wallet-entry.js'
import { describeBook, describeOrder, type TrueBook, type TrueOrder } from './true-orders.js'

/** What really is of the perpetuals. */
export interface TruePerpetuals {
  readonly books: Readonly<Record<string, TrueBook>>
  readonly orders: readonly TrueOrder[]
  readonly openOrderIds: readonly string[]
  readonly positions: readonly TruePosition[]
  /** By account and asset. */
  readonly wallets: Readonly<Record<string, Readonly<Record<string, TrueWallet>>>>
  /** Every change of a wallet that is still remembered, oldest first. */
  readonly entries: readonly TrueWalletEntry[]
  readonly funding: {
    readonly intervalMs: number
    readonly nextAtMs: number
    /** By symbol, oldest first. */
    readonly settled: Readonly<
      Record<string, readonly { readonly atMs: number; readonly rate: string; readonly markPrice: string }[]>
    >
  }
  readonly markPrices: Readonly<Record<string, string>>
  readonly fees: Readonly<Record<string, string>>
  /** Per asset the sum of all wallets, those of the venue included; always `0`. */
  readonly sums: Readonly<Record<string, string>>
  /** Per symbol the sum of all positions, those of the house included, contracts; always 0. */
  readonly contracts: Readonly<Record<string, number>>
}

export interface TruePosition {
  readonly accountId: string
  readonly symbol: string
  /** Contracts; short is negative. */
  readonly contracts: number
  readonly entryPrice: string | null
  readonly leverage: string
  readonly unrealised: string
  /** Since it was opened: profit of what was closed, fees and funding. */
  readonly realised: { readonly pnl: string; readonly fee: string; readonly funding: string }
}

export interface TrueWallet {
  readonly total: string
  readonly available: string
  /** What all entries of each type have come to. */
  readonly paid: Readonly<Record<WalletEntry['type'], string>>
}

export interface TrueWalletEntry extends Omit<WalletEntry, 'change' | 'balance'> {
  readonly change: string
  readonly balance: string
}

export function describePerpetuals(market: PerpetualMarket): TruePerpetuals {
  const { core, funding, positions, prices } = market
  const symbols = [...core.symbols.values()]
  const traders = core.accounts.all.filter(({ id }) => !isVenueAccount(id))
  const assets = new Set(core.accounts.all.flatMap((account) => [...account.balances.keys()]))
  const sumOf = (name: string): number =>
    positions.all.reduce((sum, { lots, symbol }) => (symbol.name === name ? sum + lots : sum), 0)
  return {
    books: Object.fromEntries(symbols.map(({ name }) => [name, describeBook(core, name)])),
    orders: core.allOrders.map(describeOrder),
    openOrderIds: core.openOrders().map(({ id }) => id),
    positions: positions.all
      .filter(({ accountId }) => accountId !== houseAccountId)
      .map((position) => describePosition(market, position)),
    wallets: Object.fromEntries(
      traders.map((account) => [
        account.id,
        Object.fromEntries(
          [...account.balances.keys()].map((asset) => [asset, describeWallet(market, account.id, asset)]),
        ),
      ]),
    ),
    entries: traders
      .flatMap(({ id }) => market.wallets.entriesOf(id))
      .map((entry) => ({ ...entry, change: entry.change.toString(), balance: entry.balance.toString() })),
    funding: {
      intervalMs: funding.intervalMs,
      nextAtMs: funding.nextAtMs,
      settled: Object.fromEntries(
        symbols.map(({ name }) => [
          name,
          funding.settled(name).map(({ atMs, markPrice, rate }) => ({
            atMs,
            rate: rate.toString(),
            markPrice: markPrice.toString(),
          })),
        ]),
      ),
    },
    markPrices: Object.fromEntries(symbols.map((symbol) => [symbol.name, prices.markPrice(symbol).toString()])),
    fees: Object.fromEntries(
      [...core.accounts.get(feeAccountId).balances].map(([asset, { free }]) => [asset, free.toString()]),
    ),
    sums: Object.fromEntries([...assets].map((asset) => [asset, core.accounts.sum(asset).toString()])),
    contracts: Object.fromEntries(symbols.map(({ name }) => [name, sumOf(name)])),
  }
}

function describePosition({ prices }: PerpetualMarket, position: Position): TruePosition {
  const { fee, funding, pnl } = position.realised
  return {
    accountId: position.accountId,
    symbol: position.symbol.name,
    contracts: position.lots,
    entryPrice: position.entryPrice?.toString() ?? null,
    leverage: position.leverage.toString(),
    unrealised: position.unrealised(prices.markPrice(position.symbol)).toString(),
    realised: { pnl: pnl.toString(), fee: fee.toString(), funding: funding.toString() },
  }
}

function describeWallet(market: PerpetualMarket, accountId: string, asset: string): TrueWallet {
  const { available, total } = market.state(market.account(accountId), asset)
  const paid = (type: WalletEntry['type']): string => market.wallets.total(accountId, type).toString()
  return {
    total: total.toString(),
    available: available.toString(),
    paid: {
      transfer: paid('transfer'),
      pnl: paid('pnl'),
      fee: paid('fee'),
      funding: paid('funding'),
      insurance: paid('insurance'),
    },
  }
}
