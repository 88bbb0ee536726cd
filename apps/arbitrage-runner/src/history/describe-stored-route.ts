import { describeRoute } from '../status/describe-route.js'
import { parseInstrumentId } from './parse-instrument-id.js'

/** An order or a planned leg as it was stored. */
export interface StoredOrder {
  readonly instrumentId: string
  readonly side: string
}

/** The route of a stored trade in a few words. */
export const describeStoredRoute = (orders: readonly StoredOrder[]): string =>
  describeRoute(orders.map(({ instrumentId, side }) => ({ ...parseInstrumentId(instrumentId), side })))
