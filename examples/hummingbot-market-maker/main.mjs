// A market maker on the Hummingbot client, offline: it quotes both sides of ETH/USDT around the middle of the book on a
// simulated server, and requotes when the price moves or an order fills.
//
//   node examples/hummingbot-market-maker/main.mjs [seconds]
import { Decimal, silentLogger, sleep, systemClock, systemRandom } from '@cex-arbitrage/common'
import { HummingbotClient, HummingbotEventEngine, HummingbotException, isOwnTrade } from '@cex-arbitrage/hummingbot'
import { createHummingbotVenue } from '@cex-arbitrage/simulator'
import { runAsProgram } from '../support/run-as-program.mjs'

/** @import { HummingbotEvent, HummingbotTrade } from '@cex-arbitrage/hummingbot' */
/** @typedef {{ readonly bids: [string, string][], readonly asks: [string, string][] }} Book */

const market = { exchange: 'binance', market: 'ETH-USDT' }
const halfSpread = Decimal.parse('0.0001')
const requoteAt = Decimal.parse('0.0002')
const amount = '0.1'
const tick = Decimal.parse('0.01')

/** Quotes, and counts what has come of it. */
class MarketMaker {
  name = 'market maker'
  eventTypes = new Set(/** @type {const} */ (['MARKET_DATA', 'ORDER_UPDATE', 'TRADE_UPDATE', 'ERROR']))
  quotes = 0
  fills = 0
  position = Decimal.zero
  cash = Decimal.zero
  middle = Decimal.zero
  /** The middle that the orders in the book stand around. */
  quotedAt = Decimal.zero
  /** Ids of the orders in the book. @type {Set<string>} */
  open = new Set()
  isBusy = false
  isStopped = false

  /** @param {HummingbotClient} client @param {(line: string) => void} print */
  constructor(client, print) {
    this.client = client
    this.print = print
  }

  /**
   * Told by the event bus, in order. Returns at once: requests go their own way.
   *
   * @param {HummingbotEvent} event
   */
  handleEvent({ type, data }) {
    if (type === 'MARKET_DATA' && data.kind === 'order_book') this.onBook(/** @type {Book} */ (data))
    if (type === 'ORDER_UPDATE' && ['filled', 'cancelled', 'failed'].includes(String(data.status)))
      this.open.delete(String(data.order_id))
    if (type === 'TRADE_UPDATE' && isOwnTrade(data)) this.onFill(/** @type {HummingbotTrade} */ (data))
    if (type === 'ERROR') this.print(`! ${JSON.stringify(data)}`)
  }

  /** @param {Book} book */
  onBook({ bids, asks }) {
    if (bids.length === 0 || asks.length === 0) return
    this.middle = Decimal.parse(bids[0][0]).plus(Decimal.parse(asks[0][0])).dividedBy(Decimal.of(2), 8, 'down')
    const moved = this.middle.minus(this.quotedAt).abs()
    if (moved.greaterThan(this.middle.times(requoteAt)) || this.open.size < 2) void this.requote()
  }

  /** @param {HummingbotTrade} trade */
  onFill({ side, price, amount: filled }) {
    this.fills++
    const quantity = Decimal.parse(filled)
    const value = quantity.times(Decimal.parse(price))
    this.position = side === 'buy' ? this.position.plus(quantity) : this.position.minus(quantity)
    this.cash = side === 'buy' ? this.cash.minus(value) : this.cash.plus(value)
    this.print(`fill: ${side} ${filled} at ${price}, position ${this.position.toString()}`)
  }

  /** One round at a time: cancels what stands, then quotes both sides. */
  async requote() {
    if (this.isBusy || this.isStopped) return
    this.isBusy = true
    try {
      await this.cancelAll()
      this.quotedAt = this.middle
      const distance = this.middle.times(halfSpread)
      await Promise.all([
        this.place('buy', this.middle.minus(distance).toMultipleOf(tick, 'down')),
        this.place('sell', this.middle.plus(distance).toMultipleOf(tick, 'up')),
      ])
    } finally {
      this.isBusy = false
    }
  }

  /** @param {'buy' | 'sell'} side @param {Decimal} price */
  async place(side, price) {
    try {
      const order = await this.client.createOrder({
        ...market,
        side,
        order_type: 'limit',
        amount,
        price: price.toString(),
      })
      this.quotes++
      if (order.status === 'open' || order.status === 'partially_filled') this.open.add(order.order_id)
    } catch (error) {
      // Nobody can tell whether it stands: the next round finds it among the open orders.
      if (!(error instanceof HummingbotException)) throw error
    }
  }

  /** Asks the server what stands, so that an order whose answer was lost is cancelled too. */
  async cancelAll() {
    const orders = await this.client.getOpenOrders(market)
    await Promise.all(
      orders.map(({ order_id }) => this.client.cancelOrder({ ...market, order_id }).catch(() => undefined)),
    )
    this.open.clear()
  }

  async stop() {
    this.isStopped = true
    while (this.isBusy) await sleep(systemClock, 10)
    await this.cancelAll()
  }
}

const keys = [{ key: 'example-key', secret: 'example-secret', permission: /** @type {const} */ ('trade') }]
const accounts = [{ id: 'maker', uid: 1, keys, balances: { USDT: '100000', ETH: '50' } }]

/** @param {(line: string) => void} print @param {string} [seconds] */
export async function main(print, seconds = '10') {
  const venue = createHummingbotVenue({ seed: 7, accounts })
  const { ws } = await venue.start()
  const eventEngine = new HummingbotEventEngine({ clock: systemClock })
  const client = new HummingbotClient({
    eventEngine,
    apiHost: '127.0.0.1',
    apiPort: Number(new URL(ws).port),
    apiKey: 'example-key',
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  })
  const maker = new MarketMaker(client, print)
  eventEngine.register(maker)
  eventEngine.start()
  await client.connect()
  await client.subscribeToOrderBook(market)
  print(`quoting ${market.market} on a simulated server for ${seconds} s`)
  await sleep(systemClock, Number(seconds) * 1_000)

  await maker.stop()
  const left = await client.getOpenOrders(market)
  await client.disconnect()
  await eventEngine.stop()
  await venue.close()
  const { quotes, fills, position } = maker
  const profit = maker.cash.plus(position.times(maker.middle))
  print(`${quotes} quotes, ${fills} fills, position ${position.toString()} ETH, ${profit.toFixed(2)} USDT before fees`)
  print(`open orders left: ${left.length}`)
  if (left.length > 0) throw new Error('Orders were left in the book.')
}

await runAsProgram(import.meta, main)
