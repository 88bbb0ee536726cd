import type { Instrument } from '@cex-arbitrage/common'
import * as z from 'zod'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import type { AccountListener } from '../../interfaces/account-feed.js'
import { spotChannels } from './constants.js'
import { mapBalanceEvent, mapFill, mapOrderEvent } from './order-mapper.js'
import type { GateioRestClient } from './rest-client.js'
import { gateioBalanceEventSchema, gateioFillSchema, gateioOrderEventSchema } from './schemas.js'
import { webSocketUrlOf } from './ws-protocol.js'

/** A private channel and what it is asked for. */
export interface GateioPrivateChannel {
  readonly channel: string
  readonly payload?: readonly string[]
}

/**
 * Tells a listener what a push of one channel says.
 *
 * @param find - The instrument of an exchange symbol; `undefined` for one that nobody asked for.
 * @throws ZodError when the push does not have the documented shape.
 */
export type GateioPushReader = (
  result: unknown,
  find: (exchangeSymbol: string) => Instrument | undefined,
  listener: AccountListener,
) => void

/** In what the account streams of spot and of futures differ. */
export interface GateioAccountDialect {
  /** Of the connection, in logs. */
  readonly name: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly channels: { readonly ping: string; readonly system: string }
  /** What each new connection subscribes to; may have to ask the exchange first. */
  privateChannels(): Promise<readonly GateioPrivateChannel[]>
  /** By channel. */
  readonly readers: ReadonlyMap<string, GateioPushReader>
  /** What goes on beside the stream ends with it. */
  close?(): void
}

const orderEventsSchema = z.array(gateioOrderEventSchema)
const fillsSchema = z.array(gateioFillSchema)
const balanceEventsSchema = z.array(gateioBalanceEventSchema)

const readers = new Map<string, GateioPushReader>([
  [
    spotChannels.orders,
    (result, find, listener) => {
      for (const order of orderEventsSchema.parse(result)) {
        const instrument = find(order.currency_pair)
        if (instrument !== undefined) listener.onOrder(mapOrderEvent(order, instrument))
      }
    },
  ],
  [
    spotChannels.userTrades,
    (result, find, listener) => {
      for (const fill of fillsSchema.parse(result)) {
        const instrument = find(fill.currency_pair)
        if (instrument !== undefined) listener.onFill(mapFill(fill, instrument))
      }
    },
  ],
  [
    spotChannels.balances,
    (result, _find, listener) => {
      for (const event of balanceEventsSchema.parse(result))
        listener.onBalance(mapBalanceEvent(event), event.timestamp_ms)
    },
  ],
])

/** The account streams of spot. */
export function createSpotAccountDialect(context: ExchangeContext, rest: GateioRestClient): GateioAccountDialect {
  return {
    name: 'gateio spot private',
    url: webSocketUrlOf(context, rest.options),
    channels: spotChannels,
    privateChannels: () =>
      Promise.resolve([
        { channel: spotChannels.orders, payload: ['!all'] },
        { channel: spotChannels.userTrades, payload: ['!all'] },
        { channel: spotChannels.balances },
      ]),
    readers,
  }
}
