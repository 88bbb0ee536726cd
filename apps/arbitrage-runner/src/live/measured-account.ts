import type {
  Balance,
  Clock,
  FeeSchedule,
  Instrument,
  OrderAcknowledgement,
  OrderRequest,
  RiskApproved,
} from '@cex-arbitrage/common'
import type { KeyRights, OrderGateway, PrivateExchange, SubmitOptions } from '@cex-arbitrage/exchanges'
import type { LatencyHistogram } from './latency-histogram.js'
import type { LatencyRecorder } from './latency-recorder.js'

/** The account itself, but the time from sending an order to its acknowledgement is measured. */
export function measureAccount(account: PrivateExchange, latencies: LatencyRecorder, clock: Clock): PrivateExchange {
  const histogram = latencies.histogram('acknowledgement', account.exchange)
  return {
    exchange: account.exchange,
    marketType: account.marketType,
    capabilities: account.capabilities,
    orders: new MeasuredOrderGateway(account.orders, histogram, clock),
    account: account.account,
    ...(account.positions !== undefined && { positions: account.positions }),
    fetchBalances: (): Promise<readonly Balance[]> => account.fetchBalances(),
    fetchFees: (instrument: Instrument): Promise<FeeSchedule> => account.fetchFees(instrument),
    fetchKeyRights: (): Promise<KeyRights> => account.fetchKeyRights(),
    close: () => account.close(),
  }
}

class MeasuredOrderGateway implements OrderGateway {
  constructor(
    private readonly orders: OrderGateway,
    private readonly histogram: LatencyHistogram,
    private readonly clock: Clock,
  ) {}

  async submitOrder(order: RiskApproved<OrderRequest>, options: SubmitOptions): Promise<OrderAcknowledgement> {
    const fromUs = this.clock.nowUs()
    const acknowledgement = await this.orders.submitOrder(order, options)
    this.histogram.observe(this.clock.nowUs() - fromUs)
    return acknowledgement
  }

  cancelOrder: OrderGateway['cancelOrder'] = (order) => this.orders.cancelOrder(order)
  cancelAllOrders: OrderGateway['cancelAllOrders'] = (instrument) => this.orders.cancelAllOrders(instrument)
  fetchOrder: OrderGateway['fetchOrder'] = (order) => this.orders.fetchOrder(order)
  fetchOpenOrders: OrderGateway['fetchOpenOrders'] = (instrument) => this.orders.fetchOpenOrders(instrument)
  fetchFills: OrderGateway['fetchFills'] = (query) => this.orders.fetchFills(query)
  admitTrade: OrderGateway['admitTrade'] = (need) => this.orders.admitTrade(need)
  renewDeadManSwitch: OrderGateway['renewDeadManSwitch'] = (timeoutMs) => this.orders.renewDeadManSwitch(timeoutMs)
}
