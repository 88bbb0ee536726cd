// What it costs to bring a message from the socket to a handler that does nothing: the engine's connections beside a
// handler of ws, in CPU time of this process. Another process sends as fast as the sockets take it.
import { fileURLToPath } from 'node:url'
import { silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { WebSocketConnection } from '@cex-arbitrage/networking'
import { WebSocket } from 'ws'
import { measureCpuRounds } from './support/cpu-rounds.mjs'
import { startFrameSender } from './support/frame-sender.mjs'
import { median, ratioOf } from './support/rounds.mjs'

export const title = 'WebSocket ingest: frames of 300 bytes out of the socket, CPU a message'

const rounds = 7
const messages = 200_000
const frameBytes = 300
const goals = { plain: 4, TLS: 1.3 }
const insecure = { rejectUnauthorized: false }

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const sender = await startFrameSender()
  await sender.prepare({ kind: 'blank', bytes: frameBytes, count: messages })
  const contenders = [
    createOurs('plain', sender.url),
    createWs('plain', sender.url),
    createOurs('TLS', sender.secureUrl),
    createWs('TLS', sender.secureUrl),
  ]
  const results = await measureCpuRounds(contenders, rounds)
  sender.close()
  return ['plain', 'TLS'].flatMap((kind) => [
    { name: `ws, ${kind}`, medianNs: median(results.get(`ws, ${kind}`)) },
    {
      name: `connection, ${kind}`,
      medianNs: median(results.get(`connection, ${kind}`)),
      ratio: ratioOf(results, `ws, ${kind}`, `connection, ${kind}`),
      goal: goals[kind],
      goalId: `10-${kind}`,
    },
  ])
}

function createOurs(kind, url) {
  let bytes = 0
  return {
    name: `connection, ${kind}`,
    messages,
    async run(meter) {
      const connection = new WebSocketConnection({
        name: 'bench',
        url: () => url,
        clock: systemClock,
        random: systemRandom,
        logger: silentLogger,
        maxSilenceMs: 60_000,
        socket: { tls: insecure },
        handler: {
          onFrame: (frame) => {
            bytes += frame.length
            meter.onMessage()
          },
        },
      })
      await connection.connect()
      connection.send('{}')
      return async () => {
        if (bytes % frameBytes !== 0 || bytes === 0) throw new Error('frames were lost')
        await connection.close(0)
      }
    },
  }
}

/** As one would set it up for speed: no compression, no UTF-8 check. */
function createWs(kind, url) {
  let bytes = 0
  return {
    name: `ws, ${kind}`,
    messages,
    async run(meter) {
      const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true, ...insecure })
      socket.on('message', (data) => {
        bytes += data.length
        meter.onMessage()
      })
      socket.on('open', () => socket.send('{}'))
      return () => {
        if (bytes % frameBytes !== 0 || bytes === 0) throw new Error('frames were lost')
        socket.terminate()
      }
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
