import type { Clock } from '@cex-arbitrage/common'
import type { OrderGateway } from '@cex-arbitrage/exchanges'
import type { TradingVenue } from '../types/trading-venue.js'

/** The wall clock of a machine, which somebody may set. */
export interface WallClock {
  /** Milliseconds by which it is ahead of the exchanges. */
  offsetMs: number
}

/** The outer world as a process sees it that may have been killed: then nothing of it happens any more. */
export function createMortalProcess(
  clock: Clock,
  venues: readonly TradingVenue[],
  isDead: () => boolean,
  wall: WallClock = { offsetMs: 0 },
) {
  const mortalClock: Clock = {
    nowMs: () => clock.nowMs() + wall.offsetMs,
    nowUs: () => clock.nowUs(),
    setTimer: (callback, delayMs) => clock.setTimer(() => (isDead() ? undefined : callback()), delayMs),
  }
  const mortalOrders = (orders: OrderGateway): OrderGateway => ({
    submitOrder: (...call) => (isDead() ? never() : orders.submitOrder(...call)),
    cancelOrder: (...call) => (isDead() ? never() : orders.cancelOrder(...call)),
    cancelAllOrders: (...call) => (isDead() ? never() : orders.cancelAllOrders(...call)),
    fetchOrder: (...call) => (isDead() ? never() : orders.fetchOrder(...call)),
    fetchOpenOrders: (...call) => (isDead() ? never() : orders.fetchOpenOrders(...call)),
    fetchFills: (...call) => (isDead() ? never() : orders.fetchFills(...call)),
    admitTrade: (need) => orders.admitTrade(need),
    renewDeadManSwitch: (...call) => (isDead() ? never() : orders.renewDeadManSwitch(...call)),
  })
  return {
    clock: mortalClock,
    venues: venues.map((venue) => {
      const { privateExchange } = venue
      const orders = mortalOrders(privateExchange.orders)
      return {
        ...venue,
        privateExchange: {
          exchange: privateExchange.exchange,
          marketType: privateExchange.marketType,
          capabilities: privateExchange.capabilities,
          account: privateExchange.account,
          orders,
          ...(privateExchange.positions !== undefined && { positions: privateExchange.positions }),
          fetchBalances: () => privateExchange.fetchBalances(),
          fetchFees: (instrument) => privateExchange.fetchFees(instrument),
          fetchKeyRights: () => privateExchange.fetchKeyRights(),
          close: () => privateExchange.close(),
        },
      } satisfies TradingVenue
    }),
  }
}

const never = <T>(): Promise<T> => new Promise(() => undefined)
