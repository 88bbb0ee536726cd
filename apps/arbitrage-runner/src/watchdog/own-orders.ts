import {
  OrderNotFoundException,
  isFinalOrderStatus,
  toCexArbitrageException,
  type Instrument,
  type Logger,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import type { OrderGateway } from '@cex-arbitrage/exchanges'

export interface OwnOrdersOptions {
  readonly markets: readonly { readonly instrument: Instrument; readonly orders: OrderGateway }[]
  /** Begins every client order id of ours. */
  readonly idPrefix: string
  readonly log: Logger
}

/** The resting orders that carry our prefix, on the markets that are watched. */
export class OwnOrders {
  constructor(private readonly options: OwnOrdersOptions) {}

  /**
   * One round over all markets.
   *
   * @param mayCancel - Asked before every cancel; `false` ends the round.
   * @returns whether no order of ours was found and every exchange has answered.
   */
  async cancel(mayCancel: () => Promise<boolean>): Promise<boolean> {
    let clean = true
    for (const { instrument, orders } of this.options.markets) {
      try {
        for (const order of (await orders.fetchOpenOrders(instrument)).filter((update) => this.isOurs(update))) {
          clean = false
          if (!(await mayCancel())) return false
          await this.cancelOne(orders, instrument, order)
        }
      } catch (error) {
        clean = false
        const { code, message } = toCexArbitrageException(error, { doing: `cancelling our orders on ${instrument.id}` })
        this.options.log.warn({ instrument: instrument.id, code, message }, 'not cancelled, again')
      }
    }
    return clean
  }

  private isOurs({ clientOrderId, status }: OrderUpdate): boolean {
    return clientOrderId?.startsWith(this.options.idPrefix) === true && !isFinalOrderStatus(status)
  }

  private async cancelOne(orders: OrderGateway, instrument: Instrument, order: OrderUpdate): Promise<void> {
    const { clientOrderId, exchangeOrderId } = order
    try {
      await orders.cancelOrder({ instrument, exchangeOrderId })
      this.options.log.warn({ instrument: instrument.id, clientOrderId }, 'cancelled an order of the silent engine')
    } catch (error) {
      if (!(error instanceof OrderNotFoundException)) throw error
    }
  }
}
