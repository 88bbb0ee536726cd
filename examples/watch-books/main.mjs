// Watches one symbol on two exchanges with the exchanges package alone, and prints every change of a book's state: its best
// prices when they may be quoted from, else the reason why not. The exchanges are local, so that things can go wrong:
//
//   node examples/watch-books/main.mjs
import { silentLogger, sleep, systemClock, systemRandom, usPerMs } from '@cex-arbitrage/common'
import { ComponentRegistry, FactoryManager } from '@cex-arbitrage/exchanges'
import { gateioExchangeId, registerExchange as registerGateio } from '@cex-arbitrage/exchanges/gateio'
import { mexcExchangeId, registerExchange as registerMexc } from '@cex-arbitrage/exchanges/mexc'
import { createGateioVenue, createMexcVenue } from '@cex-arbitrage/simulator'
import { runAsProgram } from '../support/run-as-program.mjs'

/** @import { ExchangeId, OrderBook } from '@cex-arbitrage/common' */

const symbol = 'BTC/USDT'
const maxAgeUs = 2_000 * usPerMs

/**
 * Why the book may not be quoted from, or that it may, with its best prices.
 *
 * @param {OrderBook} book
 */
function describeBook(book) {
  const { instrument, bids, asks, sequence } = book
  const distrust = book.distrust(systemClock.nowUs(), maxAgeUs)
  if (distrust !== undefined) return { state: distrust, text: `not to be quoted from: ${distrust}` }
  const [bid, ask] = [bids, asks].map((side) => instrument.ticksToPrice(side.priceTicksAt(0)).toString())
  return { state: 'trusted', text: `trusted at ${sequence}: ${bid} bid, ${ask} asked` }
}

/** @param {(line: string) => void} print */
export async function main(print) {
  const mexc = createMexcVenue({ seed: 7 })
  const gateio = createGateioVenue({ seed: 7 })
  const venues = [mexc, gateio]
  const addresses = await Promise.all(venues.map((venue) => venue.start()))
  const manager = new FactoryManager(new ComponentRegistry(), (exchange) => {
    const address = addresses.find((each) => each.exchange === exchange)
    if (address === undefined) throw new Error(`There is no local ${exchange}.`)
    const { origin, ws } = address
    return { clock: systemClock, random: systemRandom, logger: silentLogger, restUrl: origin, webSocketUrl: ws }
  })
  manager.register(registerMexc)
  manager.register(registerGateio)

  /** @type {Map<ExchangeId, string[]>} States of each exchange's book, oldest first. */
  const history = new Map(manager.registry.exchanges.map((exchange) => [exchange, []]))
  /** @param {ExchangeId} exchange @param {string[]} wanted States that must follow, whatever comes between them. */
  const until = async (exchange, ...wanted) => {
    const states = history.get(exchange) ?? []
    let at = states.length
    for (const state of wanted) {
      while (states.indexOf(state, at) < 0) await sleep(systemClock, 5)
      at = states.indexOf(state, at)
    }
  }
  for (const [exchange, states] of history) {
    const { marketData } = manager.publicExchange(exchange, 'spot')
    marketData.addListener({
      onBook: (book) => {
        const { state, text } = describeBook(book)
        if (states.at(-1) === state) return
        states.push(state)
        print(`${exchange.padEnd(6)} ${symbol} ${text}`)
      },
    })
    const listed = await manager.publicExchange(exchange, 'spot').fetchInstruments()
    await Promise.all([
      until(exchange, 'trusted'),
      marketData.subscribe(listed.filter((instrument) => instrument.symbol === symbol)),
    ])
  }
  print('- three updates of gateio are lost')
  gateio.faults.add({ kind: 'gap', scope: 'public', channel: 'spot.*', count: 3 })
  await until(gateioExchangeId, 'gap', 'trusted')
  print('- the connection to mexc breaks')
  mexc.faults.add({ kind: 'disconnect', scope: 'public', count: 1 })
  await until(mexcExchangeId, 'disconnected', 'trusted')
  await manager.close()
  await Promise.all(venues.map((venue) => venue.close()))
}

await runAsProgram(import.meta, main)
