import {
  ExchangeCapabilityException,
  type Clock,
  type ExchangeOrderId,
  type Instrument,
  type OrderAcknowledgement,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type {
  ExchangeCapabilities,
  OrderGateway,
  PrivateExchange,
  PublicExchange,
  RatePermit,
  RehearsalOrders,
  SubmitOptions,
  TradeRateNeed,
} from '@cex-arbitrage/exchanges'
import { PaperAccountFeed } from '../paper/paper-account-feed.js'
import { PaperBalances } from '../paper/paper-balances.js'
import { PaperOrder } from '../paper/paper-order.js'
import type { TradingVenue } from '../types/trading-venue.js'
import { RehearsalFeed } from './rehearsal-feed.js'
import { rehearsalBalance } from './rehearsal-terms.js'

/** One exchange of a rehearsal: its own order gateway without a network, a made-up book and a made-up account. */
export class RehearsalVenue implements TradingVenue, OrderGateway {
  readonly exchange
  readonly instruments: readonly Instrument[]
  readonly feed: RehearsalFeed
  readonly publicExchange: PublicExchange
  readonly privateExchange: PrivateExchange
  private readonly account = new PaperAccountFeed()
  private readonly balances: PaperBalances

  constructor(
    private readonly instrument: Instrument,
    private readonly orders: RehearsalOrders,
    private readonly clock: Clock,
  ) {
    this.exchange = instrument.exchange
    this.instruments = [instrument]
    this.feed = new RehearsalFeed(instrument, clock)
    this.balances = new PaperBalances(
      new Map([instrument.base, instrument.quote].map((asset) => [asset, rehearsalBalance])),
    )
    const { exchange, marketType } = instrument
    const capabilities = createCapabilities(instrument)
    const none = (): Promise<never> => Promise.reject(notRehearsed(instrument))
    this.publicExchange = {
      exchange,
      marketType,
      capabilities,
      marketData: this.feed,
      fetchServerTime: () => Promise.resolve({ exchangeTimeMs: clock.nowMs(), offsetMs: 0, roundTripMs: 0 }),
      fetchInstruments: () => Promise.resolve(this.instruments),
      fetchOrderBook: none,
      fetchTrades: none,
      fetchTicker: none,
      fetchCandles: none,
      close: () => Promise.resolve(),
    }
    this.privateExchange = {
      exchange,
      marketType,
      capabilities,
      orders: this,
      account: this.account,
      fetchBalances: () => Promise.resolve(this.balances.all()),
      fetchFees: () => Promise.resolve(instrument.fees),
      fetchKeyRights: () => Promise.resolve({ canTrade: true, canWithdraw: false, remainingDays: undefined }),
      close: () => Promise.resolve(),
    }
  }

  /** Through the exchange's own mapper, signer and lane; then it is filled at its own price. */
  async submitOrder(order: RiskApproved<OrderRequest>, options: SubmitOptions): Promise<OrderAcknowledgement> {
    const acknowledgement = await this.orders.submitOrder(order, options)
    if ('quantityLots' in order && order.type === 'limit') this.fill(order, acknowledgement.exchangeOrderId)
    return acknowledgement
  }

  admitTrade(need: TradeRateNeed): RatePermit | undefined {
    return this.orders.admitTrade(need)
  }

  cancelOrder(): Promise<void> {
    return Promise.reject(notRehearsed(this.instrument))
  }

  cancelAllOrders(): Promise<void> {
    return Promise.resolve()
  }

  fetchOrder(): Promise<OrderUpdate | undefined> {
    return Promise.resolve(undefined)
  }

  fetchOpenOrders(): Promise<readonly OrderUpdate[]> {
    return Promise.resolve([])
  }

  fetchFills(): Promise<readonly never[]> {
    return Promise.resolve([])
  }

  renewDeadManSwitch(): Promise<void> {
    return Promise.reject(notRehearsed(this.instrument))
  }

  close(): Promise<void> {
    return this.orders.close()
  }

  private fill(request: Extract<OrderRequest, { type: 'limit' }>, exchangeOrderId: ExchangeOrderId): void {
    const order = new PaperOrder(request, exchangeOrderId)
    const fill = order.execute(request, 'taker', this.clock.nowMs())
    order.status = 'filled'
    this.balances.settle(fill, request.instrument)
    this.account.fill(fill)
    this.account.order(order.update(this.clock.nowMs()))
  }
}

const createCapabilities = ({ marketType, fees }: Instrument): ExchangeCapabilities => ({
  marketType,
  marketOrders: true,
  timesInForce: ['ioc'],
  postOnly: false,
  orderEntry: ['rest'],
  queryByClientOrderId: true,
  cancelByClientOrderId: true,
  clientOrderIdLookupMs: undefined,
  cancelAll: true,
  sequencedBooks: true,
  maxSnapshotDepth: 1,
  streamedDepth: undefined,
  privateStreams: { orders: true, fills: true, balances: true },
  deadManSwitch: false,
  feeAssetRule: fees.assetRule,
  maxClientOrderIdLength: 32,
})

const notRehearsed = ({ exchange }: Instrument): ExchangeCapabilityException =>
  new ExchangeCapabilityException({ exchange, message: 'This is no part of a rehearsal.' })
