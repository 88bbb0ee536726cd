import { Decimal, type Clock, type Logger } from '@cex-arbitrage/common'
import { BridgeRefusal } from './bridge-refusal.js'
import type { MappedMarket } from './exchange-map.js'
import type { OrderObject } from './order-view.js'
import type { UpstreamApi } from './upstream-api.js'
import { decimalOf } from './upstream-values.js'

/** Milliseconds for which a volume is taken again. */
const volumeCacheMs = 60_000

/** Puts a ticker together from book, last price and candles: several calls, so no consistent snapshot. */
export class TickerReader {
  private readonly volumes = new Map<string, { readonly text: string | undefined; readonly atMs: number }>()

  constructor(private readonly parts: { readonly api: UpstreamApi; readonly clock: Clock; readonly log: Logger }) {}

  /** @throws CexArbitrageException, {@link BridgeRefusal} Book or price could not be had. */
  async fetchTicker({ exchange, market, pair, place }: MappedMarket): Promise<OrderObject> {
    const { api } = this.parts
    const { connectorName } = place
    const [book, price, volume] = await Promise.all([
      api.fetchBook(connectorName, pair, 1),
      api.fetchPrice(connectorName, pair),
      this.fetchVolume(connectorName, pair),
    ])
    if (price === undefined) throw new BridgeRefusal('server_error', `No last price for ${market} on ${exchange}`)
    return {
      timestamp: book.timestamp,
      symbol: market,
      exchange,
      bid: decimalOf(book.bids[0]?.price),
      ask: decimalOf(book.asks[0]?.price),
      last: decimalOf(price),
      volume: volume ?? '0',
      ...(volume === undefined && { volume_known: false }),
    }
  }

  /** Base of the last 24 hours; `undefined` where there are no candles. */
  private async fetchVolume(connector: string, pair: string): Promise<string | undefined> {
    const { api, clock, log } = this.parts
    const key = `${connector} ${pair}`
    const nowMs = clock.nowMs()
    const known = this.volumes.get(key)
    if (known !== undefined && nowMs - known.atMs < volumeCacheMs) return known.text
    let text: string | undefined
    try {
      const hours = await api.fetchHourlyVolumes(connector, pair)
      text = hours.reduce((sum, hour) => sum.plus(Decimal.parse(decimalOf(hour))), Decimal.zero).toString()
    } catch (cause) {
      log.debug({ cause, connector, pair }, 'no candles for the volume')
    }
    this.volumes.set(key, { text, atMs: nowMs })
    return text
  }
}
