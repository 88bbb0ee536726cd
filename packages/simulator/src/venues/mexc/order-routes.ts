import type { VenueOrder } from '../../matching/venue-order.js'
import type { RestRouter } from '../../server/rest-router.js'
import { type MexcError, mexcErrors, missingParameter } from './api-error.js'
import { isRefused } from './order-request.js'
import { OrderDesk } from './order-desk.js'
import { statusOf, viewAcknowledgement, viewCancel, viewFill, viewOrder } from './order-view.js'
import { type MexcRoute, type RestCall, refuse } from './rest-call.js'
import { orderSymbol, type VenueState } from './venue-state.js'

const maxBatch = 20
const maxSymbols = 5
const dayMs = 86_400_000
const defaultListLimit = 500
const maxListLimit = 1000
const defaultFillLimit = 100
const maxFillLimit = 1000
const fillHistoryMs = 30 * dayMs
const clientOrderIdPattern = /^[A-Za-z0-9_-]{1,32}$/

/** Adds the routes that place, cancel and show orders and fills. */
export function addOrderRoutes(router: RestRouter<MexcRoute>, state: VenueState): void {
  const desk = new OrderDesk(state)
  const trade = (handle: MexcRoute['handle'], ...pools: NonNullable<MexcRoute['pools']>): MexcRoute => ({
    weight: 1,
    security: 'trade',
    pools,
    handle,
  })
  const read = (weight: number, handle: MexcRoute['handle']): MexcRoute => ({ weight, security: 'read', handle })
  router
    .add(
      'POST /api/v3/order',
      trade((call) => {
        const order = accepted(desk.place(call, call.parameters.values))
        return viewAcknowledgement(order, call.nowMs)
      }, 'orders'),
    )
    .add(
      'POST /api/v3/order/test',
      trade((call) => {
        const input = desk.check(call, call.parameters.values)
        return isRefused(input) ? refuse(input) : {}
      }),
    )
    .add(
      'POST /api/v3/batchOrders',
      trade((call) => placeBatch(call, desk), 'batchOrders', 'orders'),
    )
    .add(
      'DELETE /api/v3/order',
      trade((call) => cancelOne(call, desk, state), 'orders'),
    )
    .add(
      'DELETE /api/v3/openOrders',
      trade((call) => {
        const ids = symbolIds(call.required('symbol'), state)
        const orders = openOrders(call, state).filter((order) => ids.includes(order.symbol.name))
        return orders.map((order) => ({ ...cancel(order, desk), orderListId: -1 }))
      }, 'orders'),
    )
    .add(
      'DELETE /api/v3/order/all',
      trade((call) => {
        for (const order of openOrders(call, state)) desk.cancel(order)
        return { code: 200, msg: 'success', timestamp: call.nowMs }
      }, 'orders'),
    )
    .add(
      'GET /api/v3/order',
      read(2, (call) => viewOrder(findOrder(call, state) ?? refuse(mexcErrors.orderNotFound))),
    )
    .add(
      'GET /api/v3/openOrders',
      read(3, (call) => {
        const symbols = call.text('symbol')
        const names = symbols === undefined ? undefined : symbolIds(symbols, state)
        return openOrders(call, state)
          .filter(
            (order) => (names === undefined || names.includes(order.symbol.name)) && isVisible(order, call, state),
          )
          .map(viewOrder)
      }),
    )
    .add(
      'GET /api/v3/allOrders',
      read(10, (call) => allOrders(call, state)),
    )
    .add(
      'GET /api/v3/myTrades',
      read(10, (call) => myTrades(call, state)),
    )
}

const accepted = (result: VenueOrder | MexcError): VenueOrder => (isRefused(result) ? refuse(result) : result)

/** One answer per element, in order; refusals stand among them. */
function placeBatch(call: RestCall, desk: OrderDesk): unknown {
  const elements = batchElements(call.required('batchOrders'))
  return elements.map((values) => {
    const clientOrderId = values.get('newClientOrderId')
    const echo = clientOrderId === undefined || clientOrderId === '' ? {} : { newClientOrderId: clientOrderId }
    const result = desk.place(call, values)
    if (isRefused(result)) return { ...echo, msg: result.msg, code: result.code }
    return { symbol: values.get('symbol'), orderId: result.id, ...echo, orderListId: -1 }
  })
}

function batchElements(text: string): ReadonlyMap<string, string>[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return refuse(missingParameter('batchOrders'))
  }
  if (!Array.isArray(parsed) || parsed.length === 0 || parsed.length > maxBatch) return refuse(mexcErrors.paramError)
  const elements = parsed.map((element: unknown) => {
    if (typeof element !== 'object' || element === null) return refuse(mexcErrors.paramError)
    return new Map(Object.entries(element).map(([name, value]) => [name, value === null ? '' : String(value)]))
  })
  const symbols = new Set(elements.map((element) => element.get('symbol')))
  return symbols.size > 1 ? refuse(mexcErrors.paramError) : elements
}

function cancelOne(call: RestCall, desk: OrderDesk, state: VenueState): unknown {
  const cancelId = call.text('newClientOrderId')
  if (cancelId !== undefined && !clientOrderIdPattern.test(cancelId)) refuse(mexcErrors.illegalCharacters)
  const order = findOrder(call, state)
  if (order === undefined || !order.isOpen) return refuse(mexcErrors.unknownOrder)
  return cancel(order, desk, cancelId)
}

/** The answer shows the order as it was; the cancel itself follows. */
function cancel(order: VenueOrder, desk: OrderDesk, cancelId?: string) {
  const view = viewCancel(order, statusOf(order), cancelId)
  desk.cancel(order)
  return view
}

/** The call's order by either id; `undefined` when this account has none on this pair. */
function findOrder(call: RestCall, state: VenueState): VenueOrder | undefined {
  const symbolId = call.required('symbol')
  const orderId = call.text('orderId')
  const clientOrderId = call.text('origClientOrderId')
  if (orderId === undefined && clientOrderId === undefined) refuse(mexcErrors.missingOrderId)
  const symbol = orderSymbol(state, symbolId)
  const { core } = state.host
  const order = orderId === undefined ? core.orderByClientId(call.account.id, clientOrderId!) : core.order(orderId)
  if (order === undefined || order.accountId !== call.account.id) return undefined
  return order.symbol.name === symbol.trading.name && isVisible(order, call, state) ? order : undefined
}

const isVisible = (order: VenueOrder, call: RestCall, { settings }: VenueState): boolean =>
  call.nowMs - order.createdAtMs >= settings.orderVisibleAfterMs

/** Names of up to five pairs in a comma list. */
function symbolIds(text: string, state: VenueState): string[] {
  const ids = text.split(',')
  if (ids.length > maxSymbols) refuse(mexcErrors.badCombination)
  return ids.map((id) => orderSymbol(state, id).trading.name)
}

/** Newest first. */
const openOrders = (call: RestCall, { host }: VenueState): VenueOrder[] =>
  host.core.openOrders(call.account.id).toReversed()

function allOrders(call: RestCall, state: VenueState): unknown {
  const symbol = orderSymbol(state, call.required('symbol'))
  const endMs = call.integer('endTime') ?? call.nowMs
  const startMs = Math.max(call.integer('startTime') ?? endMs - dayMs, call.nowMs - 7 * dayMs)
  const limit = call.limit(defaultListLimit, maxListLimit)
  return state.host.core
    .ordersOf(call.account.id)
    .filter(
      (order) =>
        order.symbol.name === symbol.trading.name &&
        order.createdAtMs >= startMs &&
        order.createdAtMs <= endMs &&
        isVisible(order, call, state),
    )
    .toReversed()
    .slice(0, limit)
    .map(viewOrder)
}

function myTrades(call: RestCall, state: VenueState): unknown {
  const symbol = orderSymbol(state, call.required('symbol'))
  const orderId = call.text('orderId')
  const startMs = Math.max(call.integer('startTime') ?? 0, call.nowMs - fillHistoryMs)
  const endMs = call.integer('endTime') ?? Infinity
  const limit = call.limit(defaultFillLimit, maxFillLimit)
  const { core } = state.host
  const firstSecond = Math.floor(startMs / 1000)
  return core
    .fillsOf(call.account.id)
    .filter(
      (fill) =>
        fill.symbol === symbol.trading.name &&
        (orderId === undefined || fill.orderId === orderId) &&
        Math.floor(fill.atMs / 1000) >= firstSecond &&
        Math.floor(fill.atMs / 1000) * 1000 <= endMs &&
        call.nowMs - fill.atMs >= state.settings.fillVisibleAfterMs,
    )
    .toReversed()
    .slice(0, limit)
    .map((fill) => viewFill(fill, core.order(fill.orderId)))
}
