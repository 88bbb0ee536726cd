import type { Instrument, Logger } from '@cex-arbitrage/common'
import * as z from 'zod'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { asPart } from '../../../factory/exchange-parts.js'
import type { AccountListener } from '../../../interfaces/account-feed.js'
import type { GateioAccountDialect, GateioPushReader } from '../account-dialect.js'
import { gateioExchangeId } from '../constants.js'
import type { GateioRestClient } from '../rest-client.js'
import { decimalSizeHeaders, futuresChannels } from './constants.js'
import { mapFuturesAccount, mapFuturesFill, mapFuturesOrder } from './order-mapper.js'
import { assertOneWayAccount, mapPosition } from './position-mapper.js'
import { GateioFuturesRestClient } from './rest-client.js'
import {
  gateioFuturesBalanceEventSchema,
  gateioFuturesFillsSchema,
  gateioFuturesOrdersSchema,
  gateioFuturesPositionSchema,
} from './schemas.js'
import { WalletWatch } from './wallet-watch.js'
import { futuresWebSocketUrlOf } from './ws-protocol.js'

const positionEventsSchema = z.array(gateioFuturesPositionSchema)
const balanceEventsSchema = z.array(gateioFuturesBalanceEventSchema)
const everything = '!all'

type Find = (exchangeSymbol: string) => Instrument | undefined

/** The account streams of contracts settled in USDT. */
export function createFuturesAccountDialect(context: ExchangeContext, shared: GateioRestClient): GateioAccountDialect {
  const streams = new FuturesAccountStreams(context, asPart(shared, GateioFuturesRestClient))
  return {
    name: 'gateio futures private',
    url: futuresWebSocketUrlOf(context, shared.options),
    headers: decimalSizeHeaders,
    channels: futuresChannels,
    privateChannels: () => streams.privateChannels(),
    readers: streams.readers,
    close: () => streams.close(),
  }
}

/** What the pushes tell, and the questions for what they leave out. */
class FuturesAccountStreams {
  readonly readers: ReadonlyMap<string, GateioPushReader>
  private readonly wallet: WalletWatch

  constructor(
    context: ExchangeContext,
    private readonly rest: GateioFuturesRestClient,
  ) {
    const log: Logger = context.logger.child({ component: 'account-feed', exchange: gateioExchangeId })
    this.wallet = new WalletWatch(
      context.clock,
      async () => mapFuturesAccount(await rest.getFuturesAccount()),
      (error) => log.warn({ error }, 'the futures wallet could not be read'),
    )
    this.readers = new Map<string, GateioPushReader>([
      [futuresChannels.orders, (result, find, listener) => this.onOrders(result, find, listener)],
      [futuresChannels.userTrades, (result, find, listener) => this.onFills(result, find, listener)],
      [futuresChannels.positions, (result, find, listener) => this.onPositions(result, find, listener)],
      [futuresChannels.balances, (result, _find, listener) => this.onBalances(result, listener)],
    ])
  }

  /** Each channel is asked for by the account's number. @throws as `assertOneWayAccount` */
  async privateChannels() {
    const account = await this.rest.getFuturesAccount()
    assertOneWayAccount(account)
    const { user } = account
    return [
      { channel: futuresChannels.orders, payload: [user, everything] },
      { channel: futuresChannels.userTrades, payload: [user, everything] },
      { channel: futuresChannels.positions, payload: [user, everything] },
      { channel: futuresChannels.balances, payload: [user] },
    ]
  }

  close(): void {
    this.wallet.stop()
  }

  private onOrders(result: unknown, find: Find, listener: AccountListener): void {
    for (const order of gateioFuturesOrdersSchema.parse(result)) {
      const instrument = find(order.contract)
      if (instrument !== undefined) listener.onOrder(mapFuturesOrder(order, instrument))
    }
    // An order binds margin, or frees it, without a word about the wallet.
    this.askForWallet(listener)
  }

  private onFills(result: unknown, find: Find, listener: AccountListener): void {
    for (const fill of gateioFuturesFillsSchema.parse(result)) {
      const instrument = find(fill.contract)
      if (instrument !== undefined) listener.onFill(mapFuturesFill(fill, instrument))
    }
  }

  private onPositions(result: unknown, find: Find, listener: AccountListener): void {
    for (const position of positionEventsSchema.parse(result)) {
      const instrument = find(position.contract)
      const atMs = position.time_ms ?? this.rest.serverClock.nowMs()
      if (instrument !== undefined) listener.onPosition?.(mapPosition(position, instrument), atMs)
    }
    this.askForWallet(listener)
  }

  private onBalances(result: unknown, listener: AccountListener): void {
    balanceEventsSchema.parse(result)
    this.askForWallet(listener)
  }

  private askForWallet(listener: AccountListener): void {
    this.wallet.onChange((balance) => listener.onBalance(balance, this.rest.serverClock.nowMs()))
  }
}
