import { toDecimalText } from '../client/decimal-text.js'

/** States of an order in the protocol. */
export type BridgeOrderStatus = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'failed'

const statuses: Readonly<Record<string, BridgeOrderStatus>> = {
  SUBMITTED: 'open',
  OPEN: 'open',
  PENDING_CANCEL: 'open',
  PARTIALLY_FILLED: 'partially_filled',
  FILLED: 'filled',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
}

/** The protocol's word for an upstream status; `undefined` for one that is not documented. */
export const mapOrderStatus = (upstream: string): BridgeOrderStatus | undefined => statuses[upstream]

/** Decimal text of an upstream number by its shortest form, without exponent or needless zeros; `0` for nothing. */
export function decimalOf(value: number | string | null | undefined): string {
  return value === null || value === undefined ? '0' : (toDecimalText(value) ?? '0')
}

/** Unix seconds of an ISO time; one without offset is UTC. `undefined` when it is unreadable. */
export function secondsOf(iso: string | null | undefined): number | undefined {
  if (iso === null || iso === undefined) return undefined
  const hasOffset = /(?:[zZ]|[+-]\d{2}:?\d{2})$/.test(iso)
  const ms = Date.parse(hasOffset ? iso : `${iso}Z`)
  return Number.isNaN(ms) ? undefined : ms / 1000
}
