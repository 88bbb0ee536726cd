import type { ErrorCode, ExchangeOrderId, Fill, OrderUpdate } from '@cex-arbitrage/common'

/**
 * One thing learnt about an order of ours, from whichever way it came. Evidence is a set: taken in any order, twice or
 * late, it leads to the same state (see `Leg`).
 */
export type LegEvidence =
  /** It is about to leave, for the `attempt`-th time under the same client order id; from here on it may be live. */
  | { readonly kind: 'sent'; readonly attempt: number; readonly atMs: number }
  | { readonly kind: 'acknowledged'; readonly exchangeOrderId: ExchangeOrderId }
  /** The exchange, or our side of the wire before anything was sent, refused it: nothing rests. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  /** The call ended without proof of anything. */
  | { readonly kind: 'unanswered'; readonly code: ErrorCode }
  | { readonly kind: 'cancel_requested' }
  | { readonly kind: 'update'; readonly update: OrderUpdate }
  | { readonly kind: 'fill'; readonly fill: Fill }
  /** Asked often and late enough, the exchange knows no such order and nothing shows that it ever did. */
  | { readonly kind: 'absent' }
  /** An order that existed is no longer open and can no longer be asked for: it has ended, with the fills it has. */
  | { readonly kind: 'vanished' }
