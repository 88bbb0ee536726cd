import { toCexArbitrageException, type Clock, type Logger, type Timer } from '@cex-arbitrage/common'
import type { TradingVenue } from '../types/trading-venue.js'

/** Renewed so many times within one countdown, so that one lost call does no harm. */
const renewalsPerTimeout = 3

/** Keeps the exchanges' own cancel-all countdowns from running out while the engine lives. */
export class DeadManSwitch {
  private timer: Timer | undefined
  private readonly venues: readonly TradingVenue[]

  /** @param timeoutMs - Countdown; 0 leaves the exchanges' switches alone. */
  constructor(
    venues: readonly TradingVenue[],
    private readonly timeoutMs: number,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.venues = venues.filter(({ privateExchange }) => privateExchange.capabilities.deadManSwitch)
  }

  start(): void {
    if (this.timeoutMs === 0 || this.venues.length === 0) return
    void this.renew(this.timeoutMs)
    this.timer = this.clock.setTimer(() => this.start(), this.timeoutMs / renewalsPerTimeout)
  }

  /** Ends the renewing and the countdowns. */
  async stop(): Promise<void> {
    if (this.timer === undefined) return
    this.timer.cancel()
    this.timer = undefined
    await this.renew(0)
  }

  private async renew(timeoutMs: number): Promise<void> {
    await Promise.all(
      this.venues.map(async ({ exchange, privateExchange }) => {
        try {
          await privateExchange.orders.renewDeadManSwitch(timeoutMs)
        } catch (error) {
          const failure = toCexArbitrageException(error, { doing: 'renewing the cancel-all countdown', exchange })
          this.logger.warn({ exchange, code: failure.code, message: failure.message }, 'countdown not renewed')
        }
      }),
    )
  }
}
