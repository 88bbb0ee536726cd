import type { HummingbotException } from './hummingbot-exception.js'
import type { CheckedOrder } from './order-request.js'
import type { Decision, RequestRunner } from './request-runner.js'
import { isOrderNotFound } from './response-error.js'
import { readResult } from './result-reader.js'
import { orderSchema, type HummingbotEnvelope, type HummingbotOrder } from './schemas.js'

/** What the questions after a lost answer have brought. */
type Verdict =
  | { readonly kind: 'found'; readonly envelope: HummingbotEnvelope }
  | { readonly kind: 'absent' | 'unknown' }

export interface OrderCreationOptions {
  readonly runner: RequestRunner
  /** Whether the server deduplicates creates by client order id, and answers `get_order` by it. */
  readonly canLookUp: () => boolean
  readonly historyLimit: number
}

/** An order that exists, and what the server told of it. */
export interface CreatedOrder {
  readonly order: HummingbotOrder
  readonly data: object
}

/**
 * Creates one order, never twice (R1.10 to R1.12): it is sent again only where nothing can have arrived, or where a
 * server that knows client order ids says that it has none such. Whatever else leaves it open makes it unknown.
 */
export class OrderCreation {
  /** An earlier attempt may have arrived, so that a later failure proves nothing. */
  private isDoubtful = false
  private readonly signal = new AbortController()

  constructor(
    private readonly options: OrderCreationOptions,
    private readonly order: CheckedOrder,
  ) {}

  /** @throws {@link HummingbotException} Refused, or with `orderStateUnknown` when nobody can tell. */
  async run(): Promise<CreatedOrder> {
    try {
      const envelope = await this.options.runner.run(
        'create_order',
        { ...this.order },
        {
          decide: (error, attempt) => this.decide(error, attempt),
          watchAfter: (error) => error.orderStateUnknown,
        },
      )
      return await this.readOrder(envelope)
    } finally {
      this.signal.abort(new Error('The order has its verdict.'))
    }
  }

  private async decide(error: HummingbotException, attempt: number): Promise<Decision> {
    if (!error.retriable && !error.orderStateUnknown) return { kind: 'fail', error }
    const canRepeat = attempt < this.options.runner.maxAttempts
    const isHarmless = (error.category === 'rate_limit' || error.isUnsent) && !error.orderStateUnknown
    if (isHarmless && (canRepeat || !this.isDoubtful)) return canRepeat ? { kind: 'retry' } : { kind: 'fail', error }
    if (!isHarmless) this.isDoubtful = true
    const verdict = await this.reconcile()
    if (verdict.kind === 'found') return { kind: 'answer', envelope: verdict.envelope }
    if (verdict.kind === 'absent' && canRepeat) return { kind: 'retry' }
    return { kind: 'fail', error: this.asUnknown(error) }
  }

  /** An accepted order whose answer cannot be read is looked up; failing that its state is unknown. */
  private async readOrder(envelope: HummingbotEnvelope): Promise<CreatedOrder> {
    try {
      return asCreated(envelope, 'create_order')
    } catch (error) {
      const verdict = await this.reconcile()
      if (verdict.kind !== 'found') throw this.asUnknown(error as HummingbotException)
      return asCreated(verdict.envelope, 'get_order')
    }
  }

  private async reconcile(): Promise<Verdict> {
    if (this.order.client_order_id === undefined) return { kind: 'unknown' }
    return this.options.canLookUp() ? await this.lookUp() : await this.search()
  }

  private async lookUp(): Promise<Verdict> {
    const { exchange, market, client_order_id } = this.order
    try {
      const envelope = await this.ask('get_order', { exchange, market, client_order_id })
      readResult(envelope, orderSchema, 'get_order')
      return { kind: 'found', envelope }
    } catch (error) {
      return { kind: isOrderNotFound(error as HummingbotException) ? 'absent' : 'unknown' }
    }
  }

  /** A list that lacks it proves nothing: it may show the order later. */
  private async search(): Promise<Verdict> {
    const { exchange, market, client_order_id } = this.order
    const lists = [
      ['get_open_orders', { exchange, market }],
      ['get_order_history', { exchange, market, limit: this.options.historyLimit }],
    ] as const
    for (const [type, params] of lists) {
      try {
        const envelope = await this.ask(type, params)
        const orders = readResult(envelope, orderSchema.array(), type, [])
        const order = orders.find((each) => each.client_order_id === client_order_id)
        if (order !== undefined) return { kind: 'found', envelope: { status: 'success', data: order } }
      } catch {
        // The other list may still show it.
      }
    }
    return { kind: 'unknown' }
  }

  private ask(type: string, params: Readonly<Record<string, unknown>>): Promise<HummingbotEnvelope> {
    return this.options.runner.run(type, params, { waitForConnection: true, signal: this.signal.signal })
  }

  private asUnknown(error: HummingbotException): HummingbotException {
    return error.with({
      orderStateUnknown: true,
      clientOrderId: this.order.client_order_id,
      category: error.category === 'rate_limit' ? 'connection_error' : error.category,
    })
  }
}

/** Only for an answer whose data is an order. */
function asCreated(envelope: HummingbotEnvelope, requestType: string): CreatedOrder {
  return { order: readResult(envelope, orderSchema, requestType), data: envelope.data as object }
}
