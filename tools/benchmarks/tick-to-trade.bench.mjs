// Tick to trade: from a book frame out of the socket to both legs' orders in their sockets, for the engine as `arb run`
// composes it (books, sizing, risk gate, journal on disk without fsync, signing, REST) and for a loop over ccxt pro's
// `watchOrderBook` with `createOrder`. Venues and contenders share one process; contenders take turns and are connected
// only in theirs. Triggers are few and come with pauses, so every path is as cold as in a young process: rarely run code, for
// both. Three markets: one that is silent for a moment before each trigger, one that goes on moving, and one that moves so
// much that the way of a frame, though not that of an order, is warm. The venues take their share of the same cores, so that
// the last is also the one in which contenders wait for them most.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { loadConfig } from '@cex-arbitrage/config'
import ccxt from 'ccxt'
import { median } from './support/rounds.mjs'
import { SocketStamps } from './support/socket-stamps.mjs'
import { createCcxt, pair, pause, quoteBook, startVenue } from './support/two-local-venues.mjs'

export const title = 'Tick to trade: book frame out of the socket -> both orders into the socket, plain loopback'

/** The first round warms up. */
const rounds = 4
const triggersPerRound = 10
const markets = [
  { name: 'silent for 25 ms', quietMs: 25, frameEveryMs: 10 },
  { name: '100 frames/s', quietMs: 0, frameEveryMs: 10 },
  { name: 'moves each ms', quietMs: 0, frameEveryMs: 1 },
]
/** Gate.io takes ten orders a second, and a trade sets a place aside for its unwind. */
const betweenTriggersMs = 330
const patienceMs = 150
/** Until both orders have met the offer: one that is gone too early leaves a leg to repair. */
const settleMs = 20

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  await import('reflect-metadata')
  const { EngineHost } = await import('../../apps/arbitrage-runner/dist/lifecycle/engine-host.js')
  const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-tick-'))
  const gateio = await startVenue('gateio')
  const mexc = await startVenue('mexc')
  const stamps = new SocketStamps()
  stamps.install()
  try {
    const market = new Market(gateio, mexc)
    const config = engineConfig([gateio, mexc], folder)
    const contenders = [
      { name: 'engine', start: () => startEngine(EngineHost, config) },
      { name: `ccxt pro ${ccxt.version} loop`, start: () => startCcxt(gateio, mexc) },
    ]
    const rows = []
    for (const shape of markets) rows.push(...(await compare(shape, contenders, market, stamps)))
    market.close()
    return rows
  } finally {
    stamps.uninstall()
    await Promise.all([gateio.close(), mexc.close()])
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare({ name: marketName, quietMs, frameEveryMs }, starters, market, stamps) {
  market.rest()
  market.frameEveryMs = frameEveryMs
  const contenders = starters.map((starter) => ({ ...starter, results: [], missed: 0 }))
  for (let round = 0; round < rounds; round++)
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const { results, missed } = await runRound(contender, quietMs, market, stamps)
      if (round === 0) continue
      contender.results.push(results)
      contender.missed += missed
    }
  for (const { name, results } of contenders)
    if (results.some((round) => round.length === 0)) throw new Error(`${name} has traded nothing in a round`)
  return report(marketName, contenders)
}

async function runRound(contender, quietMs, market, stamps) {
  const results = []
  let missed = 0
  market.beat()
  const stop = await contender.start()
  try {
    for (let i = 0; i < triggersPerRound; i++) {
      market.beat()
      await pause(betweenTriggersMs - quietMs)
      if (quietMs > 0) {
        market.rest()
        await pause(quietMs)
      }
      const watched = stamps.watch(market.gateio.address.port, patienceMs)
      market.cross()
      const result = await watched
      if (result === undefined) missed++
      else results.push(result)
      await pause(settleMs)
      market.uncross()
    }
  } finally {
    market.beat()
    await pause(settleMs)
    await stop()
  }
  return { results, missed }
}

/** Two books around 100; a cheap offer on Gate.io crosses the other's. */
class Market {
  #timer
  #offer
  #moving = []
  frameEveryMs = 10

  constructor(gateio, mexc) {
    this.gateio = gateio
    this.venues = [gateio, mexc]
    // An offer on Gate.io fits between its own book and the bids of MEXC.
    quoteBook(gateio, 99.3)
    quoteBook(mexc)
  }

  /** A far level of each book comes and goes. */
  beat() {
    this.#timer ??= setInterval(() => {
      for (const [venue, order] of this.#moving.splice(0)) venue.cancel(order)
      for (const venue of this.venues) this.#moving.push([venue, venue.quote('buy', '98.05', '1')])
    }, this.frameEveryMs)
  }

  rest() {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  cross() {
    this.#offer = this.gateio.quote('sell', '99.45', '1')
  }

  uncross() {
    this.gateio.cancel(this.#offer)
  }

  close() {
    this.rest()
  }
}

function engineConfig(venues, folder) {
  const env = { CEX_ARBITRAGE_LIVE__ARMED: 'true' }
  const exchanges = {}
  for (const { name, address } of venues) {
    env[`CEX_ARBITRAGE_EXCHANGES__${name.toUpperCase()}__API_KEY`] = address.apiKey
    env[`CEX_ARBITRAGE_EXCHANGES__${name.toUpperCase()}__SECRET`] = address.secret
    exchanges[name] = { urls: { rest: address.origin, websocket: address.ws } }
  }
  exchanges.gateio.orderEntry = 'rest'
  exchanges.gateio.rateLimitShare = 1
  return loadConfig({
    env,
    arm: true,
    overrides: {
      mode: 'live',
      exchanges,
      instruments: [pair],
      strategies: [{ type: 'spot-spot', coolDownMs: 200, failureCoolDownMs: 200 }],
      risk: { maxOrdersPerSecond: 1000, maxConsecutiveFailures: 1000, maxDailyLoss: '100000', maxOpenOrders: 1000 },
      execution: { startDifferences: 'adopt', watchdog: { enabled: false } },
      journal: { folder: join(folder, 'journal'), fsync: 'never' },
      database: { enabled: false },
      server: { enabled: false },
      killSwitch: { file: join(folder, 'KILL') },
      logging: { level: 'silent' },
    },
  })
}

async function startEngine(EngineHost, config) {
  const host = new EngineHost({ config, clock: systemClock, random: systemRandom, logger: silentLogger })
  await host.start()
  const halts = host.status().halts
  if (halts.length > 0) throw new Error(`the engine is halted: ${JSON.stringify(halts)}`)
  return () => host.stop()
}

async function startCcxt(gateio, mexc) {
  const clients = { gateio: await createCcxt(ccxt, gateio), mexc: await createCcxt(ccxt, mexc) }
  const books = {}
  let isBusy = false
  let isOpen = true
  const leg = (name, side, price) =>
    clients[name].createOrder(pair, 'limit', side, 1, price, { timeInForce: 'IOC' }).catch(() => undefined)
  const decide = async () => {
    const ask = books.gateio?.asks[0]
    const bid = books.mexc?.bids[0]
    if (isBusy || ask === undefined || bid === undefined || bid[0] / ask[0] - 1 < 0.001) return
    isBusy = true
    await Promise.all([leg('gateio', 'buy', ask[0]), leg('mexc', 'sell', bid[0])])
    isBusy = false
  }
  const follow = async (name) => {
    while (isOpen)
      try {
        books[name] = await clients[name].watchOrderBook(pair)
        void decide()
      } catch {
        if (isOpen) await pause(100)
      }
  }
  void follow('gateio')
  void follow('mexc')
  while (books.gateio === undefined || books.mexc === undefined) await pause(10)
  return async () => {
    isOpen = false
    await Promise.all(Object.values(clients).map((client) => client.close()))
  }
}

function report(marketName, contenders) {
  const rows = contenders.flatMap(({ name, results, missed }) => {
    const all = results.flat()
    return ['first', 'second'].map((which) => {
      const us = all.map((result) => result[`${which}Us`]).sort((a, b) => a - b)
      const best = `best ${us[0].toFixed(0)} us`
      const worst = `${best}, p90 ${us[Math.floor(us.length * 0.9)].toFixed(0)} us, worst ${us.at(-1).toFixed(0)} us`
      const note = `${worst}, ${missed} of ${all.length + missed} missed`
      return { name: `${marketName}: ${name}, ${which} order`, medianNs: median(us) * 1000, note }
    })
  })
  const [own, theirs] = contenders
  const ratios = ['first', 'second'].map((which) => {
    const medianOf = (results) => median(results.map((result) => result[`${which}Us`]))
    return {
      name: `${marketName}: ${which === 'first' ? 'first order' : 'both orders'}, against the ccxt pro loop`,
      medianNs: medianOf(own.results.flat()) * 1000,
      ratio: median(own.results.map((round, i) => medianOf(theirs.results[i]) / medianOf(round))),
    }
  })
  const apart = own.results.flat().map(({ firstUs, secondUs }) => secondUs - firstUs)
  return [
    ...rows,
    ...ratios,
    { name: `${marketName}: engine, second order after the first`, medianNs: median(apart) * 1000 },
  ]
}
