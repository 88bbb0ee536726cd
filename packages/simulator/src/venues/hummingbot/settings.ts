import type { VenueOptions } from '../../venue/venue-options.js'
import { defaultAccountName, defaultBookIntervalMs, defaultCapabilities, defaultConnector } from './constants.js'
import { defaultConnectorDelayMs } from './constants.js'

/** How the simulated Hummingbot behaves where real ones differ. */
export interface HummingbotSettings {
  /** Name of the exchange behind it, in both interfaces; `binance` when absent. */
  readonly connector: string
  /** Account name of hummingbot-api; `master_account` when absent. */
  readonly accountName: string
  /** `data.capabilities` of the `authenticate` answer; an empty list stands for the original protocol. */
  readonly capabilities: readonly string[]
  /** Whether a successful cancel answers `cancelled: true` (default), or only an `order_update` tells. */
  readonly confirmsCancels: boolean
  /** Whether order updates and own trades come without an `orders` subscription; `true` when absent. */
  readonly pushesOrdersUnasked: boolean
  /** Milliseconds between two pushes of one book. */
  readonly bookIntervalMs: number
  /** Frames that one connection may send in any second; refused with `rate_limit` beyond. No limit when absent. */
  readonly maxFramesPerSecond: number | undefined
  /** Milliseconds between hummingbot-api's 201 and the order's arrival at the exchange. */
  readonly connectorDelayMs: number
  /** Whether a refused order is stored with `UNKNOWN` members; `true` when absent. */
  readonly hidesRefusedOrders: boolean
  /** Whether every cursor of the order search is the same text; `true` when absent, `false` as newer servers do. */
  readonly hasStuckCursor: boolean
}

export interface HummingbotVenueOptions extends VenueOptions {
  readonly hummingbot?: Partial<HummingbotSettings>
}

export const resolveHummingbotSettings = (given: Partial<HummingbotSettings> = {}): HummingbotSettings => ({
  connector: defaultConnector,
  accountName: defaultAccountName,
  capabilities: defaultCapabilities,
  confirmsCancels: true,
  pushesOrdersUnasked: true,
  bookIntervalMs: defaultBookIntervalMs,
  maxFramesPerSecond: undefined,
  connectorDelayMs: defaultConnectorDelayMs,
  hidesRefusedOrders: true,
  hasStuckCursor: true,
  ...given,
})
