import {
  isFinalOrderStatus,
  OrderNotFoundException,
  sleep,
  toCexArbitrageException,
  usPerMs,
  type ClientOrderId,
  type Clock,
  type Instrument,
  type Logger,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import type { ExecutionSettings } from './execution-settings.js'
import type { OrderDesk } from './order-desk.js'
import { withTimeout } from './timeout.js'
import type { VenueDirectory } from './venue-directory.js'

export interface OrderSweeperDeps {
  readonly venues: VenueDirectory
  readonly desk: OrderDesk
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: ExecutionSettings
}

/** Finds every order that carries our prefix and rests, and cancels until none does (invariant S5). */
export class OrderSweeper {
  constructor(private readonly deps: OrderSweeperDeps) {}

  /**
   * Cancels what rests on all instruments. Known orders get what is learnt as evidence.
   *
   * @returns the client order ids that were asked to be cancelled.
   * @throws {@link CexArbitrageException} An exchange could not be asked, or orders still rest, after `deadlineMs`.
   */
  async sweep(deadlineMs: number): Promise<readonly ClientOrderId[]> {
    const cancelled = await Promise.all(
      this.deps.venues.all.map((instrument) => this.sweepInstrument(instrument, deadlineMs)),
    )
    return cancelled.flat()
  }

  /** Orders with our prefix that rest on the instrument now. */
  async fetchOurs(instrument: Instrument): Promise<readonly OrderUpdate[]> {
    const { venues, desk } = this.deps
    const { orders } = venues.venueOf(instrument).privateExchange
    const open = await this.timed(orders.fetchOpenOrders(instrument), `listing open orders of ${instrument.id}`)
    return open.filter((update) => desk.isOurs(update.clientOrderId) && !isFinalOrderStatus(update.status))
  }

  private async sweepInstrument(instrument: Instrument, deadlineMs: number): Promise<readonly ClientOrderId[]> {
    const { clock, settings, logger } = this.deps
    const untilUs = clock.nowUs() + deadlineMs * usPerMs
    const cancelled = new Set<ClientOrderId>()
    for (;;) {
      try {
        const open = await this.fetchOurs(instrument)
        if (open.length === 0) return [...cancelled]
        for (const update of open) {
          cancelled.add(update.clientOrderId!)
          await this.cancel(instrument, update)
        }
      } catch (error) {
        const failure = toCexArbitrageException(error, { doing: `cancelling our orders on ${instrument.id}` })
        logger.warn({ instrument: instrument.id, code: failure.code, message: failure.message }, 'sweep failed, again')
        if (clock.nowUs() >= untilUs) throw failure
      }
      if (clock.nowUs() >= untilUs) return [...cancelled]
      await sleep(clock, settings.queryInitialMs)
    }
  }

  private async cancel(instrument: Instrument, update: OrderUpdate): Promise<void> {
    const { desk, venues } = this.deps
    const { clientOrderId, exchangeOrderId } = update
    const known = desk.find(clientOrderId!)
    if (known !== undefined) {
      desk.learn(known, { kind: 'update', update })
      desk.learn(known, { kind: 'cancel_requested' })
    }
    const { orders } = venues.venueOf(instrument).privateExchange
    try {
      await this.timed(orders.cancelOrder({ instrument, exchangeOrderId }), `cancelling order ${clientOrderId}`)
    } catch (error) {
      if (!(error instanceof OrderNotFoundException)) throw error
    }
    known?.askNow()
  }

  private timed<T>(call: Promise<T>, doing: string): Promise<T> {
    return withTimeout(call, this.deps.settings.queryTimeoutMs, this.deps.clock, doing)
  }
}
