import { Decimal, type Logger } from '@cex-arbitrage/common'
import { CORRECTION_MS, RETENTION_MS } from './bridge-constants.js'
import type { UpstreamPlace } from './bridge-options.js'
import { isEnded, type OrderRecord } from './order-record.js'
import type { OrderStore } from './order-store.js'

/** All orders that the bridge has placed or tried to, kept in the store. */
export class OrderLedger {
  /** Oldest first. */
  private readonly records = new Map<string, OrderRecord>()
  private readonly byOrderId = new Map<string, OrderRecord>()

  constructor(
    private readonly store: OrderStore,
    private readonly log: Logger,
  ) {}

  /** Reads the store; what was being sent when the bridge stopped is unknown now. */
  async load(nowMs: number): Promise<void> {
    for (const record of await this.store.load(nowMs)) {
      if (record.state === 'sending') record.state = 'unknown'
      this.hold(record)
    }
  }

  find(clientOrderId: string): OrderRecord | undefined {
    return this.records.get(clientOrderId)
  }

  findById(place: UpstreamPlace, orderId: string): OrderRecord | undefined {
    return this.byOrderId.get(keyOf(place, orderId))
  }

  /** Holds a new record; resolves when it is durable. When that fails it is not held. */
  async add(record: OrderRecord): Promise<void> {
    this.hold(record)
    this.prune(record.sentAtMs)
    try {
      await this.store.save(record)
    } catch (error) {
      this.records.delete(record.clientOrderId)
      throw error
    }
  }

  /** Call after each change. What cannot be written down is logged: the order lives on all the same. */
  async save(record: OrderRecord): Promise<void> {
    this.hold(record)
    await this.keep(this.store.save(record), record)
  }

  /** Forgets an order of which it is certain that it was never placed. */
  async remove(record: OrderRecord): Promise<void> {
    this.records.delete(record.clientOrderId)
    await this.keep(this.store.remove(record.clientOrderId), record)
  }

  /** Orders whose answer was lost, or is still awaited. */
  get unresolved(): OrderRecord[] {
    return [...this.records.values()].filter(({ state }) => state === 'unknown' || state === 'sending')
  }

  /** Orders of which something is still expected: news, fills, or a correction. */
  watched(nowMs: number): OrderRecord[] {
    return [...this.records.values()].filter((record) => {
      if (record.state !== 'placed') return false
      if (!isEnded(record)) return true
      const isSettled = record.status === 'filled' && !owesFills(record)
      return !isSettled && nowMs - (record.endedAtMs ?? 0) < CORRECTION_MS
    })
  }

  private async keep(written: Promise<void>, { clientOrderId, orderId }: OrderRecord): Promise<void> {
    try {
      await written
    } catch (cause) {
      this.log.error({ cause, clientOrderId, orderId }, 'a change of an order could not be written down')
    }
  }

  private hold(record: OrderRecord): void {
    this.records.set(record.clientOrderId, record)
    if (record.orderId !== undefined) this.byOrderId.set(keyOf(record, record.orderId), record)
  }

  private prune(nowMs: number): void {
    for (const record of this.records.values()) {
      if (!isEnded(record) || nowMs - (record.endedAtMs ?? record.sentAtMs) < RETENTION_MS) return
      this.records.delete(record.clientOrderId)
      if (record.orderId !== undefined) this.byOrderId.delete(keyOf(record, record.orderId))
    }
  }
}

/** Whether more has been filled than was told fill by fill. */
export const owesFills = (record: OrderRecord): boolean =>
  Decimal.parse(record.pushedAmount).lessThan(Decimal.parse(record.filled))

const keyOf = ({ accountName, connectorName }: UpstreamPlace, orderId: string): string =>
  `${accountName}/${connectorName}/${orderId}`
