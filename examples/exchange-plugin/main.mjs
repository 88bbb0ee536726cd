// An exchange in a package of its own, used as the engine uses one that is listed under `plugins:`: loaded by its name,
// reached through the registry, here on a local copy of the exchange.
//
//   node examples/exchange-plugin/main.mjs
import {
  Decimal,
  asClientOrderId,
  asCorrelationId,
  createExchangeId,
  silentLogger,
  sleep,
  systemClock,
  systemRandom,
} from '@cex-arbitrage/common'
import { ComponentRegistry, FactoryManager } from '@cex-arbitrage/exchanges'
import { createSampleVenue } from 'exchange-sample/venue'
import { runAsProgram } from '../support/run-as-program.mjs'

/** @import { LimitOrderRequest, RiskApproved } from '@cex-arbitrage/common' */

const plugin = 'exchange-sample'
const exchange = createExchangeId('sample')
const symbol = 'BTC/USDT'

/** @param {(line: string) => void} print */
export async function main(print) {
  const venue = createSampleVenue({ seed: 7 })
  const { origin, ws, apiKey, secret } = await venue.start()
  const credentials = { apiKey: { reveal: () => apiKey }, secret: { reveal: () => secret } }
  const context = { clock: systemClock, random: systemRandom, logger: silentLogger, credentials }
  const manager = new FactoryManager(
    new ComponentRegistry(),
    () => ({ ...context, restUrl: origin, webSocketUrl: ws }),
    (name) => import(name),
  )
  await manager.loadPlugin(plugin)
  print(`${plugin} brings ${manager.registry.exchanges.join(', ')}`)

  const { marketData } = manager.publicExchange(exchange, 'spot')
  const listed = await manager.publicExchange(exchange, 'spot').fetchInstruments()
  const instrument = listed.find((each) => each.symbol === symbol)
  if (instrument === undefined) throw new Error(`${symbol} is not listed.`)
  await marketData.subscribe([instrument])
  const book = marketData.book(instrument.id)
  while (book?.trust !== 'trusted') await sleep(systemClock, 5)
  const [bid, ask] = [book.bids, book.asks].map((side) => instrument.ticksToPrice(side.priceTicksAt(0)))
  print(`${symbol} ${bid.toString()} bid, ${ask.toString()} asked`)

  const { orders } = manager.privateExchange(exchange, 'spot')
  /** @type {LimitOrderRequest} */
  const request = {
    instrument,
    clientOrderId: asClientOrderId('example1'),
    correlationId: asCorrelationId('example'),
    type: 'limit',
    side: 'buy',
    priceTicks: instrument.priceToTicks(ask.times(Decimal.parse('1.01')), 'up'),
    quantityLots: instrument.quantityToLots(Decimal.parse('0.01'), 'exact'),
    execution: { timeInForce: 'ioc' },
  }
  // In the engine the risk gate approves; who has none answers for it.
  const approved = /** @type {RiskApproved<LimitOrderRequest>} */ (request)
  const { exchangeOrderId } = await orders.submitOrder(approved, { ackTimeoutMs: 1_000, purpose: 'open' })
  const update = await orders.fetchOrder({ instrument, exchangeOrderId })
  print(`bought ${update?.filledQuantity.toString()}: ${update?.status}`)
  await manager.close()
  await venue.close()
}

await runAsProgram(import.meta, main)
