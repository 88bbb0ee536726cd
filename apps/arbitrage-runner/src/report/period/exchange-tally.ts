import { Decimal } from '@cex-arbitrage/common'
import type { AccountedTrade } from '@cex-arbitrage/storage'
import { parseInstrumentId } from '../../history/parse-instrument-id.js'
import type { AssetAmount, ExchangeActivity } from './period-report.js'

interface Counts {
  orders: number
  refused: number
  repairs: number
  fills: number
  makerFills: number
  readonly volumes: Map<string, Decimal>
  readonly fees: Map<string, Decimal>
}

/** Counts what trades sent, filled and paid on each exchange. */
export class ExchangeTally {
  private readonly byExchange = new Map<string, Counts>()

  add({ orders, fills }: AccountedTrade): void {
    for (const order of orders) {
      const counts = this.of(order.exchange)
      counts.orders++
      if (order.refusalCode !== null) counts.refused++
      if (order.role !== 'leg') counts.repairs++
      addTo(counts.volumes, parseInstrumentId(order.instrumentId).quote, order.filledNotional)
    }
    for (const fill of fills) {
      const counts = this.of(fill.exchange)
      counts.fills++
      if (fill.role === 'maker') counts.makerFills++
      addTo(counts.fees, fill.feeAsset, fill.fee)
    }
  }

  activities(): readonly ExchangeActivity[] {
    return [...this.byExchange]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([exchange, { volumes, fees, ...counts }]) => ({
        exchange,
        ...counts,
        volumes: toAmounts(volumes),
        fees: toAmounts(fees),
      }))
  }

  private of(exchange: string): Counts {
    let counts = this.byExchange.get(exchange)
    if (counts === undefined) {
      counts = { orders: 0, refused: 0, repairs: 0, fills: 0, makerFills: 0, volumes: new Map(), fees: new Map() }
      this.byExchange.set(exchange, counts)
    }
    return counts
  }
}

function addTo(sums: Map<string, Decimal>, asset: string, amount: string): void {
  sums.set(asset, (sums.get(asset) ?? Decimal.zero).plus(Decimal.parse(amount)))
}

const toAmounts = (sums: ReadonlyMap<string, Decimal>): readonly AssetAmount[] =>
  [...sums].filter(([, amount]) => !amount.isZero).map(([asset, amount]) => ({ asset, amount: amount.toString() }))
