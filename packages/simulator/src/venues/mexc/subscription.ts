import { streamIntervals } from './kline-intervals.js'

/** One accepted subscription, taken apart. */
export type Subscription = PublicSubscription | PrivateSubscription

export interface PublicSubscription {
  readonly param: string
  readonly kind:
    | 'depth'
    | 'bookTicker'
    | 'bookTickerBatch'
    | 'limitDepth'
    | 'deals'
    | 'kline'
    | 'miniTicker'
    | 'miniTickers'
  /** Channel without symbol, as `eventType` says it. */
  readonly channel: string
  /** `BTCUSDT`; empty where the channel carries all pairs. */
  readonly symbol: string
  /** Milliseconds between pushes. */
  readonly intervalMs: number
  /** Levels of `limitDepth`. */
  readonly levels?: number
  /** Name of a kline interval or of a time zone. */
  readonly detail?: string
}

export interface PrivateSubscription {
  readonly param: string
  readonly kind: 'account' | 'privateDeals' | 'privateOrders'
}

export const isPrivate = (subscription: Subscription): subscription is PrivateSubscription =>
  subscription.kind === 'account' || subscription.kind === 'privateDeals' || subscription.kind === 'privateOrders'

const zones =
  '24H UTC-10 UTC-8 UTC-7 UTC-6 UTC-5 UTC-4 UTC-3 UTC+0 UTC+1 UTC+2 UTC+3 UTC+4 UTC+4:30 UTC+5 UTC+5:30 UTC+6 UTC+7 ' +
  'UTC+8 UTC+9 UTC+10 UTC+11 UTC+12 UTC+12:45 UTC+13'
const zoneNames: ReadonlySet<string> = new Set(zones.split(' '))

const limitDepthLevels: readonly string[] = ['5', '10', '20']
const paces: Readonly<Record<string, number>> = { '10ms': 10, '100ms': 100 }
const klinePaceMs = 1000
const tickerPaceMs = 3000
const snapshotPaceMs = 100

const privateChannels: Readonly<Record<string, PrivateSubscription['kind']>> = {
  'spot@private.account.v3.api.pb': 'account',
  'spot@private.deals.v3.api.pb': 'privateDeals',
  'spot@private.orders.v3.api.pb': 'privateOrders',
}

/** The channel on which events of a kind travel. */
export function privateChannelOf(kind: PrivateSubscription['kind']): string {
  return Object.keys(privateChannels).find((channel) => privateChannels[channel] === kind)!
}

const aggregatedChannels: Readonly<Record<string, PublicSubscription['kind']>> = {
  'public.aggre.depth.v3.api.pb': 'depth',
  'public.aggre.bookTicker.v3.api.pb': 'bookTicker',
  'public.aggre.deals.v3.api.pb': 'deals',
}

/**
 * Reads a subscription parameter. `undefined` means that the venue answers `Blocked!`: an unknown or withdrawn channel, a
 * missing part, an unlisted pair.
 *
 * @param isListed - Whether a pair of this exact name exists.
 */
export function parseSubscription(param: string, isListed: (symbol: string) => boolean): Subscription | undefined {
  const privateKind = privateChannels[param]
  if (privateKind !== undefined) return { param, kind: privateKind }
  const [scope, name = '', first = '', second, ...rest] = param.split('@')
  if (scope !== 'spot' || rest.length > 0) return undefined
  const channel = `spot@${name}`
  const aggregated = aggregatedChannels[name]
  if (aggregated !== undefined) {
    const intervalMs = paces[first]
    if (intervalMs === undefined || second === undefined || !isListed(second)) return undefined
    return { param, kind: aggregated, channel: `${channel}@${first}`, symbol: second, intervalMs }
  }
  if (name === 'public.miniTickers.v3.api.pb') {
    if (!zoneNames.has(first) || second !== undefined) return undefined
    return { param, kind: 'miniTickers', channel, symbol: '', intervalMs: tickerPaceMs, detail: first }
  }
  if (!isListed(first)) return undefined
  const common = { param, channel, symbol: first }
  switch (name) {
    case 'public.bookTicker.batch.v3.api.pb':
      return second === undefined ? { ...common, kind: 'bookTickerBatch', intervalMs: snapshotPaceMs } : undefined
    case 'public.limit.depth.v3.api.pb':
      if (second === undefined || !limitDepthLevels.includes(second)) return undefined
      return { ...common, kind: 'limitDepth', intervalMs: snapshotPaceMs, levels: Number(second) }
    case 'public.kline.v3.api.pb':
      if (second === undefined || streamIntervals[second] === undefined) return undefined
      return { ...common, kind: 'kline', intervalMs: klinePaceMs, detail: second }
    case 'public.miniTicker.v3.api.pb':
      if (second === undefined || !zoneNames.has(second)) return undefined
      return { ...common, kind: 'miniTicker', intervalMs: tickerPaceMs, detail: second }
    default:
      return undefined
  }
}

/** Offset of a time zone name from UTC, milliseconds; `undefined` for the rolling `24H`. */
export function zoneOffsetMs(zone: string): number | undefined {
  const match = /^UTC([+-])(\d+)(?::(\d+))?$/.exec(zone)
  if (match === null) return undefined
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return (match[1] === '-' ? -minutes : minutes) * 60_000
}

/** The text of the venue's answer to a SUBSCRIPTION; code 0 in every case. */
export function subscriptionReply(accepted: readonly string[], refused: readonly string[]): string {
  if (refused.length === 0) return accepted.join(',')
  const no = `Not Subscribed successfully! [${refused.join(',')}]. `
  if (accepted.length === 0) return `${no} Reason： Blocked! `
  return `Subscribed successful! [${accepted.join(',')}]. ${no}Reason： Blocked! `
}
