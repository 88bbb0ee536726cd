// From the socket to the best bid and ask: the engine's market data feed of Gate.io as it ships (connection, decoder,
// synchroniser, book) beside a `watchOrderBook` loop of ccxt pro, both on the same pushes of `spot.obu`, and beside a handler
// of ws that does nothing with them. CPU time of this process; another one sends as fast as the sockets take it.
import { fileURLToPath } from 'node:url'
import { createExchangeId, silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { ComponentRegistry, FactoryManager } from '@cex-arbitrage/exchanges'
import { registerExchange } from '@cex-arbitrage/exchanges/gateio'
import ccxt from 'ccxt'
import { WebSocket } from 'ws'
import { measureCpuRounds } from './support/cpu-rounds.mjs'
import { startFrameSender } from './support/frame-sender.mjs'
import { createCcxtMarket, instrument, priceDecimals } from './support/gateio-frames.mjs'
import { median, ratioOf } from './support/rounds.mjs'

export const title = 'Socket to book: Gate.io pushes out of the socket -> best bid and ask, CPU a message'

const rounds = 5
const messages = 120_000
/** Fewer for ccxt, which needs as long for them. */
const ccxtMessages = 50_000
/** `goals`: least multiple of ours that ccxt takes, and most of ours as a multiple of ws doing nothing. */
const shapes = [
  { name: 'small frames', id: 'small', maxLevels: 4, goals: { ccxt: 9, ws: 1.3 } },
  { name: 'frames of 27 levels', id: '27', maxLevels: 40, goals: { ccxt: 9, ws: 3 } },
]
const feed = 'market data feed'
const loop = `ccxt pro ${ccxt.version} watchOrderBook loop`
const noop = 'ws, handler that does nothing'

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const sender = await startFrameSender()
  const rows = []
  for (const { name, id, maxLevels, goals } of shapes) {
    const { bytesPerFrame, levelsPerFrame, best } = await sender.prepare({ kind: 'book', maxLevels, count: messages })
    const contenders = [createFeed(sender.url, best), createNoop(sender.url), createLoop(sender.url)]
    const results = await measureCpuRounds(contenders, rounds)
    const note = `${bytesPerFrame.toFixed(0)} B and ${levelsPerFrame.toFixed(1)} levels a frame`
    rows.push(
      ...[noop, loop].map((each) => ({ name: `${name}: ${each}`, medianNs: median(results.get(each)), note })),
      {
        name: `${name}: ${feed} against ccxt`,
        medianNs: median(results.get(feed)),
        ratio: ratioOf(results, loop, feed),
        goal: goals.ccxt,
        goalId: `8-${id}`,
      },
      {
        name: `${name}: ${goals.ws} times idle ws against ${feed}`,
        medianNs: median(results.get(feed)),
        ratio: goals.ws * ratioOf(results, noop, feed),
        goal: 1,
        goalId: `9-${id}`,
        note: `it takes ${ratioOf(results, feed, noop).toFixed(2)} times what ws takes`,
      },
    )
  }
  sender.close()
  return rows
}

function createFeed(url, best) {
  let sum = 0
  return {
    name: feed,
    messages,
    async run(meter) {
      const manager = new FactoryManager(new ComponentRegistry(), () => ({
        clock: systemClock,
        random: systemRandom,
        logger: silentLogger,
        restUrl: 'http://127.0.0.1:1',
        webSocketUrl: url,
        options: { bookFeed: 'obu' },
      }))
      manager.register(registerExchange)
      const { marketData } = manager.publicExchange(createExchangeId('gateio'), 'spot')
      let top
      marketData.addListener({
        onBook: (book) => {
          if (book.trust !== 'trusted') return
          top = book
          sum += book.bids.priceTicksAt(0) + book.asks.priceTicksAt(0)
          meter.onMessage()
        },
      })
      await marketData.subscribe([instrument])
      return async () => {
        const { slowFrames, corruptFrames } = marketData.health
        // The snapshot is counted as a message, so the last push may still be on its way.
        const off = Math.abs(top.bids.priceTicksAt(0) / 10 ** priceDecimals - best.bid)
        if (slowFrames > 0 || corruptFrames > 0 || Number.isNaN(sum) || off > 1)
          throw new Error('the book is not right')
        await manager.close()
      }
    },
  }
}

function createNoop(url) {
  let bytes = 0
  return {
    name: noop,
    messages,
    async run(meter) {
      const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true })
      socket.on('message', (data) => {
        bytes += data.length
        meter.onMessage()
      })
      socket.on('open', () => socket.send('{}'))
      return () => {
        if (bytes === 0) throw new Error('no frames came')
        socket.terminate()
      }
    },
  }
}

/** Unmodified but for its address and a counter: the loop reads the top as often as it gets to. */
function createLoop(url) {
  return {
    name: loop,
    messages: ccxtMessages,
    async run(meter) {
      const exchange = new ccxt.pro.gate({ enableRateLimit: false })
      exchange.setMarkets([createCcxtMarket(exchange)])
      exchange.urls.api.spot = url
      await exchange.loadHttpProxyAgent()
      const handle = exchange.handleMessage.bind(exchange)
      exchange.handleMessage = (client, message) => {
        handle(client, message)
        if (message.event === 'update') meter.onMessage()
      }
      let isOpen = true
      let sum = 0
      const watch = async () => {
        while (isOpen)
          try {
            const book = await exchange.watchOrderBook('BTC/USDT')
            sum += book.bids[0][0] + book.asks[0][0]
          } catch (error) {
            if (isOpen) throw error
          }
      }
      const watching = watch()
      return async () => {
        isOpen = false
        await exchange.close()
        await watching
        if (!(sum > 0)) throw new Error('the loop has seen no book')
      }
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
