import { usPerMs } from '@cex-arbitrage/common'
import type { ExecutionRecord, ExecutionRecordOf } from '@cex-arbitrage/trading'
import { parseInstrumentId } from '../history/parse-instrument-id.js'
import type { SpanAttributes, TraceSink, TraceSpan } from './trace-sink.js'

interface TracedTrade {
  readonly span: TraceSpan
  readonly common: SpanAttributes
  readonly orders: TracedOrder[]
}

interface TracedOrder {
  readonly clientOrderId: string
  readonly span: TraceSpan
  /** Of its last event, which is its end: a fill may be told after the state that it led to. */
  lastAtMs: number
}

/**
 * Turns journal records into traces: a trade with the opportunity that it came from, and a span for each order with what was
 * sent, answered and filled as events. Every span carries the correlation id. What comes after the end of a trade is in
 * the journal and in no trace.
 */
export class TradeTracer {
  private readonly trades = new Map<string, TracedTrade>()
  private readonly orders = new Map<string, TracedOrder>()

  constructor(private readonly sink: TraceSink) {}

  take(record: ExecutionRecord): void {
    if (record.kind === 'trade_start') this.onTradeStart(record)
    else if (record.kind === 'intent') this.onIntent(record)
    else if (record.kind === 'leg') this.onEvidence(record)
    else if (record.kind === 'trade_end') this.onTradeEnd(record)
  }

  private onTradeStart({ atMs, plan }: ExecutionRecordOf<'trade_start'>): void {
    const common = { 'correlation.id': plan.correlationId }
    const seenAtMs = atMs - plan.quoteAgeUs / usPerMs
    const span = this.sink.start('trade', seenAtMs, {
      ...common,
      'trade.strategy': plan.strategy,
      'trade.symbol': plan.symbol,
      'trade.legs': plan.legs.length,
      'trade.expected_profit': Number(plan.expectedProfit),
      'trade.profit_asset': plan.profitAsset,
    })
    const opportunity = { ...common, 'opportunity.net_edge_bps': plan.netEdgeBps }
    this.sink.start('opportunity', seenAtMs, opportunity, span).end(atMs)
    this.trades.set(plan.correlationId, { span, common, orders: [] })
  }

  private onIntent(record: ExecutionRecordOf<'intent'>): void {
    const { atMs, clientOrderId, correlationId, side, role, instrumentId, quantityLots, priceTicks } = record
    const trade = this.trades.get(correlationId)
    if (trade === undefined) return
    const { exchange, marketType, symbol } = parseInstrumentId(instrumentId)
    const attributes = {
      ...trade.common,
      'order.client_id': clientOrderId,
      'order.exchange': exchange,
      'order.market_type': marketType,
      'order.symbol': symbol,
      'order.side': side,
      'order.role': role,
      'order.quantity_lots': quantityLots,
      'order.price_ticks': priceTicks,
    }
    const span = this.sink.start(`${role} ${exchange}`, atMs, attributes, trade.span)
    const order = { clientOrderId, span, lastAtMs: atMs }
    this.orders.set(clientOrderId, order)
    trade.orders.push(order)
  }

  private onEvidence({ atMs, clientOrderId, evidence }: ExecutionRecordOf<'leg'>): void {
    const order = this.orders.get(clientOrderId)
    if (order === undefined) return
    const { span } = order
    order.lastAtMs = atMs
    switch (evidence.kind) {
      case 'fill': {
        const { fillId, price, quantity, fee, feeAsset, role } = evidence.fill
        const fill = { 'fill.id': fillId, 'fill.price': price, 'fill.quantity': quantity, 'fill.role': role }
        return span.event('fill', { ...fill, 'fill.fee': fee, 'fill.fee_asset': feeAsset }, atMs)
      }
      case 'update': {
        const { status, filledQuantity } = evidence.update
        return span.event(status, { 'order.filled_quantity': filledQuantity }, atMs)
      }
      case 'refused':
        span.event('refused', { 'error.code': evidence.code }, atMs)
        return span.fail(evidence.code)
      case 'unanswered':
        return span.event('unanswered', { 'error.code': evidence.code }, atMs)
      case 'sent':
        return span.event('sent', { 'order.attempt': evidence.attempt }, atMs)
      case 'acknowledged':
        return span.event('acknowledged', { 'order.exchange_id': evidence.exchangeOrderId }, atMs)
      case 'cancel_requested':
      case 'absent':
      case 'vanished':
        return span.event(evidence.kind, {}, atMs)
    }
  }

  private onTradeEnd(record: ExecutionRecordOf<'trade_end'>): void {
    const { atMs, correlationId, end, realisedProfit, attribution } = record
    const trade = this.trades.get(correlationId)
    if (trade === undefined) return
    for (const { clientOrderId, span, lastAtMs } of trade.orders) {
      span.end(lastAtMs)
      this.orders.delete(clientOrderId)
    }
    const parts = Object.entries(attribution).map(([part, amount]) => [`trade.difference.${part}`, Number(amount)])
    trade.span.add({ 'trade.end': end, 'trade.realised_profit': Number(realisedProfit), ...Object.fromEntries(parts) })
    if (end === 'halted') trade.span.fail('The trade left an exposure beyond the bound.')
    trade.span.end(atMs)
    this.trades.delete(correlationId)
  }
}
