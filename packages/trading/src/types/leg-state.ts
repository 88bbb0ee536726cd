/**
 * States of one order of a trade. `unknown` is a state like any other: it holds funds and exposure until the exchange has
 * answered by client order id. `cancel_requested` is no end: such an order may still fill.
 */
export type LegState =
  | 'planned'
  | 'journaled'
  | 'sent'
  | 'acknowledged'
  | 'partially_filled'
  | 'cancel_requested'
  | 'unknown'
  | 'filled'
  | 'cancelled'
  | 'rejected'

export const isFinalLegState = (state: LegState): boolean =>
  state === 'filled' || state === 'cancelled' || state === 'rejected'
