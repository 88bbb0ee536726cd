import { Decimal } from '@cex-arbitrage/common'

import type { Account } from '../../../accounts/account-book.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { Position } from '../../../perpetuals/position.js'
import type { WalletEntry, WalletEntryType } from '../../../perpetuals/wallet-entry.js'
import { pairOf } from '../pairs.js'
import { fineSeconds } from './contract-view.js'
import { type SizeStyle, writeSize } from './sizes.js'

const settleAsset = 'USDT'
const riskLimit = '1000000'
/** No queue of automatic deleveraging. */
const notRanked = 6

/** `accounts`: one wallet. */
export function viewFuturesAccount(
  market: PerpetualMarket,
  account: Account,
  isDual: boolean,
): Record<string, unknown> {
  const { available, orderMargin, positionMargin, total, unrealised } = market.state(account, settleAsset)
  const sum = (type: WalletEntryType): string => market.wallets.total(account.id, type).toString()
  const cross = market.positions.of(account.id).filter(({ isCross, lots }) => isCross && lots !== 0)
  const crossMargin = sumOf(cross.map((position) => position.initialMargin(market.prices.markPrice(position.symbol))))
  const crossUnrealised = sumOf(cross.map((position) => position.unrealised(market.prices.markPrice(position.symbol))))
  const maintenance = sumOf(cross.map((position) => market.margin.maintenance(position)))
  return {
    user: account.uid,
    currency: settleAsset,
    total: total.toString(),
    unrealised_pnl: unrealised.toString(),
    position_margin: positionMargin.toString(),
    order_margin: orderMargin.toString(),
    available: Decimal.max(available, Decimal.zero).toString(),
    point: '0',
    bonus: '0',
    in_dual_mode: isDual,
    position_mode: isDual ? 'dual' : 'single',
    enable_credit: false,
    enable_evolved_classic: false,
    margin_mode: 0,
    cross_initial_margin: crossMargin.toString(),
    cross_maintenance_margin: maintenance.toString(),
    cross_order_margin: '0',
    cross_unrealised_pnl: crossUnrealised.toString(),
    cross_available: Decimal.max(available, Decimal.zero).toString(),
    cross_margin_balance: total.plus(crossUnrealised).toString(),
    isolated_position_margin: positionMargin.minus(crossMargin).toString(),
    position_initial_margin: positionMargin.toString(),
    maintenance_margin: maintenance.toString(),
    enable_tiered_mm: true,
    history: {
      dnw: sum('transfer'),
      pnl: sum('pnl'),
      fee: sum('fee'),
      refr: '0',
      fund: sum('funding'),
      point_dnw: '0',
      point_fee: '0',
      point_refr: '0',
      bonus_dnw: '0',
      bonus_offset: sum('insurance'),
    },
  }
}

interface PositionNumbers {
  readonly entryPrice: Decimal
  readonly margin: Decimal
  readonly liquidation: Decimal
  readonly realised: Decimal
}

function numbersOf(market: PerpetualMarket, position: Position): PositionNumbers {
  const account = market.account(position.accountId)
  const { fee, funding, pnl } = position.realised
  return {
    entryPrice: position.entryPrice ?? Decimal.zero,
    margin: position.isCross ? Decimal.zero : position.initialMargin(market.prices.markPrice(position.symbol)),
    liquidation: market.margin.liquidationPrice(position, account) ?? Decimal.zero,
    realised: pnl.plus(fee).plus(funding),
  }
}

/** A position as REST shows it. */
export function viewPosition(market: PerpetualMarket, position: Position, style: SizeStyle): Record<string, unknown> {
  const { symbol, realised: parts } = position
  const mark = market.prices.markPrice(symbol)
  const spec = market.spec(symbol)
  const { entryPrice, liquidation, margin, realised } = numbersOf(market, position)
  const value = position.value(mark)
  return {
    user: market.account(position.accountId).uid,
    contract: pairOf(symbol),
    size: writeSize(position.lots, style),
    leverage: position.leverage.toString(),
    cross_leverage_limit: position.isCross ? position.crossLeverage.toString() : '0',
    risk_limit: riskLimit,
    leverage_max: String(spec.maxLeverage),
    maintenance_rate: spec.maintenanceRate,
    average_maintenance_rate: spec.maintenanceRate,
    value: value.toString(),
    margin: margin.toString(),
    initial_margin: position.initialMargin(mark).toString(),
    maintenance_margin: market.margin.maintenance(position).toString(),
    entry_price: entryPrice.toString(),
    liq_price: liquidation.toString(),
    mark_price: mark.toString(),
    unrealised_pnl: position.unrealised(mark).toString(),
    realised_pnl: realised.toString(),
    pnl_pnl: parts.pnl.toString(),
    pnl_fund: parts.funding.toString(),
    pnl_fee: parts.fee.toString(),
    history_pnl: position.history.toString(),
    last_close_pnl: position.lastClose.toString(),
    realised_point: '0',
    history_point: '0',
    adl_ranking: notRanked,
    pending_orders: market.core.openOrders(position.accountId, symbol.name).length,
    close_order: null,
    mode: 'single',
    update_time: Math.floor(position.updatedAtMs / 1000),
    update_id: position.updateId,
    open_time: Math.floor(position.openedAtMs / 1000),
    pos_margin_mode: position.isCross ? 'cross' : 'isolated',
    lever: position.effectiveLeverage.toString(),
  }
}

/** A position as `futures.positions` pushes it: numbers, not texts. */
export function viewPushedPosition(
  market: PerpetualMarket,
  position: Position,
  style: SizeStyle,
): Record<string, unknown> {
  const spec = market.spec(position.symbol)
  const { entryPrice, liquidation, margin, realised } = numbersOf(market, position)
  return {
    contract: pairOf(position.symbol),
    cross_leverage_limit: position.isCross ? position.crossLeverage.toNumber() : 0,
    entry_price: entryPrice.toNumber(),
    history_pnl: position.history.toNumber(),
    history_point: 0,
    last_close_pnl: position.lastClose.toNumber(),
    leverage: position.leverage.toNumber(),
    leverage_max: spec.maxLeverage,
    liq_price: liquidation.toNumber(),
    maintenance_rate: Number(spec.maintenanceRate),
    margin: margin.toNumber(),
    mode: 'single',
    realised_pnl: realised.toNumber(),
    realised_point: 0,
    risk_limit: Number(riskLimit),
    size: writeSize(position.lots, style),
    time: Math.floor(position.updatedAtMs / 1000),
    time_ms: position.updatedAtMs,
    user: String(market.account(position.accountId).uid),
    update_id: position.updateId,
    pos_margin_mode: position.isCross ? 'cross' : 'isolated',
    lever: position.effectiveLeverage.toString(),
  }
}

/** Names of the changes of a wallet. */
export const entryTypes: Readonly<Record<WalletEntryType, string>> = {
  transfer: 'dnw',
  pnl: 'pnl',
  fee: 'fee',
  funding: 'fund',
  insurance: 'bonus_offset',
}

/** `CONTRACT:order`, as the venue notes what a change belongs to. */
const noteOf = (entry: WalletEntry): string => {
  const contract = contractOf(entry)
  return entry.orderId === undefined ? contract : `${contract}:${entry.orderId}`
}

const contractOf = ({ symbol }: WalletEntry): string => symbol?.split(':')[0]!.replace('/', '_') ?? ''

/** A row of `account_book`. */
export function viewListedEntry(entry: WalletEntry): Record<string, unknown> {
  return {
    time: fineSeconds(entry.atMs),
    change: entry.change.toString(),
    balance: entry.balance.toString(),
    type: entryTypes[entry.type],
    text: noteOf(entry),
    contract: contractOf(entry),
    trade_id: entry.tradeId === undefined ? '' : String(entry.tradeId),
    id: String(entry.id),
  }
}

/** A change as `futures.balances` pushes it. */
export function viewPushedEntry(entry: WalletEntry, uid: number): Record<string, unknown> {
  return {
    balance: entry.balance.toNumber(),
    change: entry.change.toNumber(),
    text: noteOf(entry),
    time: Math.floor(entry.atMs / 1000),
    time_ms: entry.atMs,
    type: entryTypes[entry.type],
    user: String(uid),
    currency: entry.asset.toLowerCase(),
  }
}

const sumOf = (amounts: readonly Decimal[]): Decimal => amounts.reduce((sum, amount) => sum.plus(amount), Decimal.zero)
