import type { VenueHost } from '../../../venue/venue-host.js'
import { pairOf } from '../markets.js'
import { quantize, type OrderTerms } from '../order-terms.js'
import type { HummingbotSettings } from '../settings.js'
import { isActive, type ApiOrder, type ApiOrderType } from './api-order.js'
import { ApiRefusal } from './api-refusal.js'

/** Marks orders at the exchange that came through hummingbot-api. */
export const apiSource = 'hummingbot-api'

/**
 * The connector inside hummingbot-api: takes orders at once and brings them to the exchange afterwards, so that a refusal
 * shows up late.
 */
export class ConnectorOrders {
  /** By id, oldest first. */
  private readonly held = new Map<string, ApiOrder>()

  constructor(
    private readonly host: VenueHost,
    private readonly settings: HummingbotSettings,
  ) {}

  /** @throws ApiRefusal The order breaks a trading rule. */
  submit(accountId: string, terms: OrderTerms, type: ApiOrderType): ApiOrder {
    const { core, clock } = this.host
    const grid = quantize(core, terms)
    if (typeof grid === 'string') throw new ApiRefusal(400, grid)
    const { symbol, side } = terms
    const held: ApiOrder = {
      id: `hbapi-${(this.held.size + 1).toString(36).padStart(8, '0')}`,
      accountId,
      symbol,
      side,
      type,
      amount: symbol.quantity(grid.quantityLots),
      price: grid.priceTicks === undefined ? undefined : symbol.price(grid.priceTicks),
      createdAtMs: clock.nowMs(),
      order: undefined,
      refusedBecause: undefined,
      refusedAtMs: 0,
      isCancelRequested: false,
    }
    this.held.set(held.id, held)
    clock.setTimer(() => this.send(held, grid), this.settings.connectorDelayMs)
    return held
  }

  /** Starts a cancellation. @throws ApiRefusal The order is not active. */
  cancel(accountId: string, id: string): void {
    const held = this.held.get(id)
    if (held === undefined || held.accountId !== accountId || !isActive(held))
      throw new ApiRefusal(404, `Order '${id}' not found in active orders`)
    held.isCancelRequested = true
    if (held.order !== undefined) this.host.clock.setTimer(() => this.cancelNow(held), this.settings.connectorDelayMs)
  }

  /** Oldest first. */
  of(accountId: string): ApiOrder[] {
    return [...this.held.values()].filter((held) => held.accountId === accountId)
  }

  private send(held: ApiOrder, grid: { readonly quantityLots: number; readonly priceTicks: number | undefined }): void {
    const { core, clock } = this.host
    const isLimit = held.type !== 'MARKET'
    const result = core.place({
      accountId: held.accountId,
      symbol: held.symbol.name,
      side: held.side,
      kind: isLimit ? 'limit' : 'market',
      timeInForce: isLimit ? 'gtc' : 'ioc',
      postOnly: held.type === 'LIMIT_MAKER',
      quantityLots: grid.quantityLots,
      ...(grid.priceTicks !== undefined && { priceTicks: grid.priceTicks }),
      clientOrderId: held.id,
      attributes: { source: apiSource, market: pairOf(held.symbol) },
    })
    if ('refusal' in result) {
      held.refusedBecause = `Order failed: ${result.refusal.replaceAll('_', ' ')}`
      held.refusedAtMs = clock.nowMs()
      return
    }
    held.order = result.order
    if (held.isCancelRequested) this.cancelNow(held)
  }

  private cancelNow(held: ApiOrder): void {
    if (held.order !== undefined && !this.host.core.cancel(held.order)) held.isCancelRequested = false
  }
}
