import { Decimal, createAssetId, createExchangeId } from '@cex-arbitrage/common'
import type { ExecutionRecord, HaltCause, Portfolio } from '@cex-arbitrage/trading'
import { residualBound } from '../engine/engine-settings.js'
import { simulatedExchanges } from '../schedule/schedule.js'
import { tradedAssets, valueAsset } from '../world/market-settings.js'
import type { SimulatedWorld } from '../world/simulated-world.js'
import { ourOrders, strandedBy, valuesOf, type OurOrder } from './account-truth.js'

export type Violation = 'stranded' | 'double_send' | 'orphan' | 'ledger_mismatch' | 'wrong_book' | 'crash'

/** One thing that should never happen, in a sentence. */
export interface Finding {
  readonly violation: Violation
  readonly detail: string
}

export interface Evidence {
  readonly world: SimulatedWorld
  readonly records: readonly ExecutionRecord[]
  readonly portfolio: Portfolio
  readonly halts: readonly HaltCause[]
}

/** Compares what the engine believes after everything has settled with what is true on the venues. */
export function judgeEngine(evidence: Evidence): readonly Finding[] {
  const { world, records, portfolio } = evidence
  const orders = ourOrders(world.truths())
  const tradeOf = new Map(
    records.flatMap((record) => (record.kind === 'intent' ? [[record.clientOrderId, record.correlationId]] : [])),
  )
  return [
    ...findStranded(evidence, orders, tradeOf),
    ...findDoubleSends(orders),
    ...findUnknown(orders, tradeOf),
    ...orders
      .filter(({ isOpen }) => isOpen)
      .map(({ clientOrderId, exchange }): Finding => ({
        violation: 'orphan',
        detail: `${clientOrderId} rests on ${exchange} after the end`,
      })),
    ...findMismatches(world, portfolio),
  ]
}

/** Orders with our prefix of which the journal knows nothing. */
export function findUnknown(orders: readonly OurOrder[], known: ReadonlyMap<string, unknown>): readonly Finding[] {
  return orders
    .filter(({ clientOrderId }) => !known.has(clientOrderId))
    .map(({ clientOrderId, exchange }) => ({
      violation: 'orphan',
      detail: `${clientOrderId} on ${exchange} has no intent`,
    }))
}

function findStranded(
  { world, records, halts }: Evidence,
  orders: readonly OurOrder[],
  tradeOf: ReadonlyMap<string, string>,
): readonly Finding[] {
  const byTrade = new Map<string, OurOrder[]>()
  for (const order of orders) {
    const trade = tradeOf.get(order.clientOrderId) ?? order.clientOrderId
    byTrade.set(trade, [...(byTrade.get(trade) ?? []), order])
  }
  const prices = valuesOf(world.truths(), world.shape)
  const ends = new Map(
    records.flatMap((record) => (record.kind === 'trade_end' ? [[record.correlationId, record] as const] : [])),
  )
  return [...byTrade].flatMap(([trade, its]) => {
    const end = ends.get(trade)
    return [...strandedBy(its, prices, residualBound)]
      .filter(([asset, amount]) => !isNamed(asset, amount, trade, halts))
      .map(([asset, amount]): Finding => ({
        violation: 'stranded',
        detail: `${trade} left ${amount.toString()} ${asset}, ended ${end?.end ?? 'never'}`,
      }))
  })
}

/** The engine is halted for this trade, and what it tells the operator names exactly this amount. */
const isNamed = (asset: string, amount: Decimal, trade: string, halts: readonly HaltCause[]): boolean =>
  halts.some(
    ({ rule, correlationId, detail }) =>
      rule === 'residual' && correlationId === trade && detail.includes(` ${amount.toString()} ${asset} on `),
  )

function findDoubleSends(orders: readonly OurOrder[]): readonly Finding[] {
  const seen = new Set<string>()
  return orders.flatMap(({ clientOrderId, exchange }): Finding[] => {
    if (!seen.has(clientOrderId)) {
      seen.add(clientOrderId)
      return []
    }
    return [{ violation: 'double_send', detail: `${clientOrderId} was accepted twice, again on ${exchange}` }]
  })
}

function findMismatches(world: SimulatedWorld, portfolio: Portfolio): readonly Finding[] {
  const findings: Finding[] = []
  const add = (detail: string): void => void findings.push({ violation: 'ledger_mismatch', detail })
  for (const asset of [valueAsset, ...tradedAssets(world.shape).keys()]) {
    const id = createAssetId(asset)
    if (!portfolio.ledger.sum(id).isZero) add(`postings of ${asset} sum to ${portfolio.ledger.sum(id).toString()}`)
    for (const name of simulatedExchanges) {
      const { free, locked } = world.holdings(name)[asset] ?? { free: '0', locked: '0' }
      const owned = Decimal.parse(free).plus(Decimal.parse(locked))
      const believed = portfolio.total(createExchangeId(name), id)
      if (!believed.equals(owned)) add(`${asset} on ${name}: ledger ${believed.toString()}, venue ${owned.toString()}`)
    }
  }
  return findings
}
