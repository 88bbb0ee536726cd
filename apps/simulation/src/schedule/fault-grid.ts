import { strangeAnswers, type FaultKind, type FaultRule } from '@cex-arbitrage/simulator'
import { simulatedExchanges, type ScheduledFault, type SimulatedExchangeName } from './schedule.js'

/** The calls that carry a trade, as the venues' fault rules name them. */
export const routes: Readonly<Record<SimulatedExchangeName, Readonly<Record<string, string>>>> = {
  mexc: {
    place: 'POST */order',
    cancel: 'DELETE */order',
    query: 'GET */order',
    openOrders: 'GET */openOrders',
    fills: 'GET */myTrades',
    balances: 'GET */account',
    depth: 'GET */depth',
    listenKey: '* */userDataStream',
  },
  gateio: {
    place: 'WS spot.order_place',
    restPlace: 'POST */spot/orders',
    login: 'WS spot.login',
    cancel: 'DELETE */spot/orders*',
    query: 'GET */spot/orders/*',
    openOrders: 'GET */spot/open_orders*',
    fills: 'GET */spot/my_trades',
    balances: 'GET */spot/accounts',
    depth: 'GET */spot/order_book',
  },
}

/** Of one request and its answer. */
export const requestFaults: readonly [FaultRule, ...FaultRule[]] = [
  { kind: 'request_delay', delayMs: 300 },
  { kind: 'request_delay', delayMs: 4_000 },
  { kind: 'request_drop' },
  { kind: 'rate_limited', retryAfterS: 1 },
  { kind: 'error_before' },
  { kind: 'error_before', status: 502, mode: 'html' },
  { kind: 'error_after' },
  { kind: 'lost_acknowledgement' },
  { kind: 'lost_acknowledgement', mode: 'hang' },
  { kind: 'response_delay', delayMs: 3_000 },
  { kind: 'response_truncate' },
  { kind: 'stale_response' },
  ...strangeAnswers.map((mode): FaultRule => ({ kind: 'strange_answer', mode })),
]
/** Of one pushed frame. */
export const frameFaults: readonly [FaultRule, ...FaultRule[]] = [
  { kind: 'drop' },
  { kind: 'duplicate' },
  { kind: 'reorder' },
  { kind: 'delay', delayMs: 2_500 },
  { kind: 'gap' },
  { kind: 'truncate' },
]
/** Of one order. */
export const orderFaults: readonly [FaultRule, ...FaultRule[]] = [
  { kind: 'late_fill', delayMs: 400 },
  { kind: 'late_fill', delayMs: 4_000 },
  { kind: 'late_refusal', delayMs: 300 },
  { kind: 'cancel_race' },
  { kind: 'cancel_race', fraction: 0.5 },
]
/** States that last; each begins around an order. */
export const lastingFaults: readonly [FaultRule, ...FaultRule[]] = [
  { kind: 'stall', scope: 'private', durationMs: 3_000 },
  { kind: 'stall', scope: 'public', durationMs: 3_000 },
  { kind: 'half_open', durationMs: 3_000 },
  { kind: 'disconnect', count: 1, durationMs: 1 },
  { kind: 'refuse_connection', durationMs: 2_000 },
  { kind: 'clock_skew', offsetMs: 2_500, durationMs: 3_000 },
  { kind: 'clock_skew', offsetMs: -2_500, durationMs: 3_000 },
  { kind: 'maintenance', durationMs: 2_500 },
  { kind: 'session_expiry', count: 1 },
]

const orderSteps = [0, 1, 2, 3]
const frameSteps = [0, 1, 2, 3, 4, 5]
const orderNumbers = [1, 2, 4]
const offsetsMs = [0, 3, 8, 200]

/** Every fault at every step of a trade, on either venue; always in the same order. */
export function createFaultGrid(): readonly ScheduledFault[] {
  return simulatedExchanges.flatMap((exchange) => [
    ...Object.values(routes[exchange]).flatMap((route) =>
      requestFaults.flatMap((fault) =>
        orderSteps.map((skip): ScheduledFault => ({ exchange, rule: { ...fault, route, skip, count: 1 } })),
      ),
    ),
    ...frameFaults.flatMap((fault) =>
      frameSteps.flatMap((skip): ScheduledFault[] => [
        { exchange, rule: { ...fault, scope: 'private', skip, count: 1 } },
        { exchange, rule: { ...fault, scope: 'public', skip: 10 * skip, count: 2 }, afterOrders: 1 },
      ]),
    ),
    ...orderFaults.flatMap((fault) =>
      orderSteps.map((skip): ScheduledFault => ({ exchange, rule: { ...fault, skip, count: 1 } })),
    ),
    ...lastingFaults.flatMap((fault) =>
      orderNumbers.flatMap((afterOrders) =>
        offsetsMs.map((afterMs): ScheduledFault => ({ exchange, rule: { ...fault, afterMs }, afterOrders })),
      ),
    ),
  ])
}

/** Kinds that the grid has; all that a venue can do. */
export const gridKinds = (): ReadonlySet<FaultKind> => new Set(createFaultGrid().map(({ rule }) => rule.kind))
