import { CexArbitrageException, Decimal, type Clock, type Logger, type Random } from '@cex-arbitrage/common'
import type { CheckedOrder } from '../client/order-request.js'
import { HummingbotErrorCategory } from '../client/error-category.js'
import { BridgeRefusal, invalidOrder, orderStateUnknown } from './bridge-refusal.js'
import type { MappedMarket } from './exchange-map.js'
import type { OrderLedger } from './order-ledger.js'
import type { OrderRecord } from './order-record.js'
import type { OrderWatcher } from './order-watcher.js'
import type { UpstreamApi } from './upstream-api.js'
import { toRefusal, UpstreamRefusedException } from './upstream-failure.js'

export interface OrderPlacerParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly api: UpstreamApi
  readonly ledger: OrderLedger
  readonly watcher: OrderWatcher
  /** Milliseconds for which a lost order is waited for. */
  readonly adoptionMs: number
}

/** What becomes of an order whose POST failed. */
type Verdict = 'never_sent' | 'refused' | 'unknown'

/** Places each order at most once, whatever is repeated and whatever gets lost (B5.4). */
export class OrderPlacer {
  private readonly underWay = new Map<string, Promise<OrderRecord>>()

  constructor(private readonly parts: OrderPlacerParts) {}

  /**
   * Resolves once the order is queued in the connector.
   *
   * @throws {@link BridgeRefusal} With `order_state_unknown` in its data when the order may exist.
   */
  create(order: CheckedOrder, mapped: MappedMarket): Promise<OrderRecord> {
    const { ledger } = this.parts
    const clientOrderId = order.client_order_id
    const known = clientOrderId === undefined ? undefined : ledger.find(clientOrderId)
    if (known !== undefined) return this.repeat(known, order, mapped)
    const record = this.createRecord(order, mapped)
    const placing = this.place(record, mapped).finally(() => this.underWay.delete(record.clientOrderId))
    this.underWay.set(record.clientOrderId, placing)
    return placing
  }

  /** Resolves when no order is on its way any more. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.underWay.values())
  }

  private async repeat(known: OrderRecord, order: CheckedOrder, { pair }: MappedMarket): Promise<OrderRecord> {
    const isSame =
      known.exchange === order.exchange &&
      known.pair === pair &&
      known.side === order.side &&
      known.orderType === order.order_type &&
      Decimal.parse(known.amount).equals(Decimal.parse(order.amount)) &&
      Decimal.parse(known.price ?? '0').equals(Decimal.parse(order.price ?? '0'))
    if (!isSame) throw invalidOrder(`Client order id ${known.clientOrderId} belongs to another order`)
    const first = this.underWay.get(known.clientOrderId)
    if (first !== undefined) return first
    if (known.refusal !== undefined) throw new BridgeRefusal(categoryOf(known.refusal.category), known.refusal.message)
    if (known.orderId === undefined) throw orderStateUnknown(`Order ${known.clientOrderId} has not been found yet`)
    return known
  }

  private async place(record: OrderRecord, { place, pair }: MappedMarket): Promise<OrderRecord> {
    const { api, ledger, log, watcher } = this.parts
    try {
      await ledger.add(record)
    } catch (cause) {
      log.error({ cause }, 'an order could not be written down and was not sent')
      throw new BridgeRefusal('server_error', 'The order could not be written down and was not sent', {}, { cause })
    }
    try {
      const { side, orderType, amount, price } = record
      record.orderId = await api.placeOrder({ place, pair, side, orderType, amount, price })
    } catch (cause) {
      return this.onFailure(record, cause)
    }
    record.state = 'placed'
    await ledger.save(record)
    watcher.kick()
    return record
  }

  private async onFailure(record: OrderRecord, cause: unknown): Promise<OrderRecord> {
    const { adoptionMs, clock, ledger, log, watcher } = this.parts
    const refusal = toRefusal(cause)
    const verdict = verdictOf(cause)
    if (verdict === 'unknown') {
      record.state = 'unknown'
      await ledger.save(record)
      log.warn({ clientOrderId: record.clientOrderId, cause }, 'the answer to an order was lost')
      if (await watcher.waitForAdoption(record, adoptionMs)) return record
    } else if (verdict === 'refused') {
      record.state = 'refused'
      record.status = 'failed'
      record.endedAtMs = clock.nowMs()
      record.refusal = { category: refusal.category, message: refusal.message }
      await ledger.save(record)
    } else await ledger.remove(record)
    const isUnknown = verdict === 'unknown' || refusal.category === 'connection_error'
    throw isUnknown
      ? new BridgeRefusal(refusal.category, refusal.message, { order_state_unknown: true }, { cause })
      : refusal
  }

  private createRecord(order: CheckedOrder, { place, pair }: MappedMarket): OrderRecord {
    const { clock, random } = this.parts
    const nowMs = clock.nowMs()
    const minted = (): string => `bridge-${nowMs.toString(36)}-${Math.floor(random.next() * 2 ** 48).toString(36)}`
    return {
      clientOrderId: order.client_order_id ?? minted(),
      isMinted: order.client_order_id === undefined,
      exchange: order.exchange,
      market: order.market,
      ...place,
      pair,
      side: order.side,
      orderType: order.order_type,
      amount: order.amount,
      ...(order.price !== undefined && { price: order.price }),
      sentAtMs: nowMs,
      state: 'sending',
      status: 'open',
      filled: '0',
      fills: [],
      pushedAmount: '0',
    }
  }
}

/** A refusal before the connector was called is certain; so is a request that never left. Everything else is not. */
function verdictOf(cause: unknown): Verdict {
  if (cause instanceof UpstreamRefusedException) {
    const { status, detail } = cause
    if (status === 401 || status === 403 || status === 429) return 'never_sent'
    if (status === 503 && detail.startsWith('Trading rules not yet loaded')) return 'never_sent'
    if (status < 500 || detail.startsWith('Failed to place trade')) return 'refused'
    return 'unknown'
  }
  return cause instanceof CexArbitrageException && cause.recovery !== 'reconcile' ? 'never_sent' : 'unknown'
}

function categoryOf(text: string): HummingbotErrorCategory {
  const known = Object.values(HummingbotErrorCategory).find((category) => category === text)
  return known ?? 'unknown_error'
}
