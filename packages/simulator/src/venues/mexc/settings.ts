import type { RateRule } from '../../server/rate-limiter.js'
import { defaultListenKeyLimits, type ListenKeyLimits } from './listen-keys.js'
import type { MexcSymbolOptions } from './mexc-symbol.js'

/** Request limits; the venue's own unless told otherwise. `null` switches a limit off. */
export interface MexcRateLimits {
  /** Weight pool of an address. */
  readonly ipWeight: RateRule | null
  /** Signed requests of an account. */
  readonly uid: RateRule | null
  /** Placing, batches and cancels of an account together. */
  readonly orders: RateRule | null
  readonly batchOrders: RateRule | null
  readonly account: RateRule | null
  /** Whether the routes of perpetuals have their limits, which are one by one the venue's. */
  readonly contracts: boolean
  /** Requests of an address beyond which a firewall answers in HTML; off by default. */
  readonly firewall: RateRule | null
  /** Refused requests after which an address is banned with status 418. */
  readonly refusalsUntilBan: number
  /** Length of the first ban, milliseconds; each further one doubles up to `maxBanMs`. */
  readonly firstBanMs: number
  readonly maxBanMs: number
}

/** Limits of a WebSocket connection; the venue's own unless told otherwise. */
export interface MexcStreamLimits {
  readonly subscriptionsPerConnection: number
  /** Client messages per second. */
  readonly messagesPerSecond: number
  /** Bytes of a client frame. */
  readonly frameBytes: number
  /** Milliseconds without a subscription until the connection is closed. */
  readonly withoutSubscriptionMs: number
  /** Milliseconds without data and without PING until the connection is cut. */
  readonly idleMs: number
  /** Milliseconds that a connection may live. */
  readonly lifetimeMs: number
}

/** What an API key has beyond the core's key and permission. */
export interface MexcKeyOptions {
  /** Pairs the key may trade, such as `BTCUSDT`; all when absent. */
  readonly symbols?: readonly string[]
  /** Refused as expired. */
  readonly expired?: boolean
  readonly note?: string
}

/** Everything about the venue that is MEXC's alone. */
export interface MexcSettings {
  /** By pair name, such as `BTC/USDT`. */
  readonly symbols: Readonly<Record<string, MexcSymbolOptions>>
  /** By API key. */
  readonly keys: Readonly<Record<string, MexcKeyOptions>>
  readonly rateLimits: MexcRateLimits
  readonly streamLimits: MexcStreamLimits
  readonly listenKeys: ListenKeyLimits
  readonly openOrdersPerAccount: number
  /** Milliseconds from an account event to its private push, before the latency of the stream. */
  readonly privateDelayMs: number
  /** Milliseconds from the answer of a cancel until it takes effect. */
  readonly cancelDelayMs: number
  /** Milliseconds for which a new order is unknown to queries. */
  readonly orderVisibleAfterMs: number
  /** Milliseconds for which a fill is missing in `myTrades`. */
  readonly fillVisibleAfterMs: number
  /** Whether accounts begin with fees deducted in MX. */
  readonly mxDeduct: boolean
  /** Adds fields that no published schema knows to every push. */
  readonly unknownFields: boolean
}

export interface MexcSettingsInput extends Partial<Omit<MexcSettings, 'rateLimits' | 'streamLimits' | 'listenKeys'>> {
  readonly rateLimits?: Partial<MexcRateLimits>
  readonly streamLimits?: Partial<MexcStreamLimits>
  readonly listenKeys?: Partial<ListenKeyLimits>
}

export const defaultMexcRateLimits: MexcRateLimits = {
  ipWeight: { limit: 300, windowMs: 10_000 },
  uid: { limit: 500, windowMs: 10_000 },
  orders: { limit: 12, windowMs: 1_000 },
  contracts: true,
  batchOrders: { limit: 2, windowMs: 1_000 },
  account: { limit: 2, windowMs: 1_000 },
  firewall: null,
  refusalsUntilBan: 100,
  firstBanMs: 120_000,
  maxBanMs: 259_200_000,
}

export const defaultMexcStreamLimits: MexcStreamLimits = {
  subscriptionsPerConnection: 30,
  messagesPerSecond: 100,
  frameBytes: 1024,
  withoutSubscriptionMs: 30_000,
  idleMs: 60_000,
  lifetimeMs: 86_400_000,
}

const defaultPrivateDelayMs = 5

/**
 * Fills in the venue's own values.
 *
 * @param ackMs - Longest latency of an answer, milliseconds: private pushes wait for it, so that the acknowledgement of
 * an order comes first.
 */
export function resolveSettings(input: MexcSettingsInput = {}, ackMs = 0): MexcSettings {
  return {
    symbols: {},
    keys: {},
    openOrdersPerAccount: 500,
    privateDelayMs: defaultPrivateDelayMs + ackMs,
    cancelDelayMs: 0,
    orderVisibleAfterMs: 0,
    fillVisibleAfterMs: 0,
    mxDeduct: false,
    unknownFields: false,
    ...input,
    rateLimits: { ...defaultMexcRateLimits, ...input.rateLimits },
    streamLimits: { ...defaultMexcStreamLimits, ...input.streamLimits },
    listenKeys: { ...defaultListenKeyLimits, ...input.listenKeys },
  }
}
