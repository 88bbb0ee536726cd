import {
  createExchangeId,
  type Balance,
  type Clock,
  type ExchangeId,
  type FeeSchedule,
  type Instrument,
  type MarketType,
} from '@cex-arbitrage/common'
import type { ExchangeCapabilities, KeyRights, PrivateExchange, PublicExchange } from '@cex-arbitrage/exchanges'
import type { TradingVenue } from '../types/trading-venue.js'
import { SimulatedAccount } from './simulated-account.js'
import { SimulatedAccountFeed } from './simulated-account-feed.js'
import { SimulatedPositions } from './simulated-positions.js'
import { SimulatedOrderGateway } from './simulated-order-gateway.js'

export interface SimulatedExchangeOptions {
  readonly name: string
  readonly instruments: readonly Instrument[]
  readonly clock: Clock
  /** Decimal texts by asset. */
  readonly balances: Readonly<Record<string, string>>
  readonly latencyMs?: number
  readonly capabilities?: Partial<ExchangeCapabilities>
}

/** A whole private side in memory: account, stream and orders. */
export class SimulatedExchange implements PrivateExchange {
  readonly exchange: ExchangeId
  readonly marketType: MarketType
  readonly capabilities: ExchangeCapabilities
  readonly ledger: SimulatedAccount
  readonly account: SimulatedAccountFeed
  readonly orders: SimulatedOrderGateway
  /** On perpetual contracts alone. */
  readonly positions?: SimulatedPositions
  /** Rejects `fetchBalances` while set. */
  balanceError: Error | undefined
  balanceFetches = 0

  constructor(private readonly options: SimulatedExchangeOptions) {
    this.exchange = createExchangeId(options.name)
    this.marketType = options.instruments[0]?.marketType ?? 'spot'
    this.capabilities = { ...simulatedCapabilities, marketType: this.marketType, ...options.capabilities }
    this.ledger = new SimulatedAccount(options.balances)
    this.account = new SimulatedAccountFeed(options.clock)
    if (this.marketType === 'futures') this.positions = new SimulatedPositions(this.ledger, options.clock)
    this.orders = new SimulatedOrderGateway({
      exchange: this.exchange,
      instruments: options.instruments,
      clock: options.clock,
      account: this.ledger,
      feed: this.account,
      latencyMs: options.latencyMs ?? 0,
      ...(this.positions !== undefined && { positions: this.positions }),
    })
  }

  /** As the engine takes it; the public side is not there. */
  get venue(): TradingVenue {
    return {
      exchange: this.exchange,
      publicExchange: {} as PublicExchange,
      privateExchange: this,
      instruments: this.options.instruments,
    }
  }

  fetchBalances(): Promise<readonly Balance[]> {
    this.balanceFetches++
    if (this.balanceError !== undefined) return Promise.reject(this.balanceError)
    return Promise.resolve(this.ledger.balances())
  }

  fetchFees(instrument: Instrument): Promise<FeeSchedule> {
    return Promise.resolve(instrument.fees)
  }

  fetchKeyRights(): Promise<KeyRights> {
    return Promise.resolve({ canTrade: true, canWithdraw: false, remainingDays: undefined })
  }

  close(): Promise<void> {
    return this.account.close()
  }
}

const simulatedCapabilities: ExchangeCapabilities = {
  marketType: 'spot',
  marketOrders: false,
  timesInForce: ['gtc', 'ioc', 'fok'],
  postOnly: false,
  orderEntry: ['rest'],
  queryByClientOrderId: true,
  cancelByClientOrderId: true,
  clientOrderIdLookupMs: undefined,
  cancelAll: true,
  sequencedBooks: true,
  maxSnapshotDepth: 100,
  streamedDepth: undefined,
  privateStreams: { orders: true, fills: true, balances: true },
  deadManSwitch: false,
  feeAssetRule: 'quote',
  maxClientOrderIdLength: 28,
}
