// Writes frames.arbrec anew: runs the session against local exchanges and notes every byte that comes in.
//
//   node examples/paper-arbitrage/record.mjs
import { rm } from 'node:fs/promises'
import { VirtualClock, sleep, systemClock, systemRandom, usPerMs } from '@cex-arbitrage/common'
import { connectWebSocket, createHttpTransport } from '@cex-arbitrage/networking'
import { createVenue } from '@cex-arbitrage/simulator'
import { RecordingNetwork, RecordingPump, RecordingWriter } from '@cex-arbitrage/storage'
import { runAsProgram } from '../support/run-as-program.mjs'
import { framesPath, startMs } from './frames.mjs'
import { Session, ports } from './session.mjs'

const durationMs = 15_000
const maxBytes = 4_000_000
const connectTimeoutMs = 5_000
const maxPayloadBytes = 4_000_000
const beganAtMs = systemClock.nowUs() / usPerMs

/** The exchanges drift apart often, by more than the fees. */
const market = /** @type {const} */ ({
  kind: 'synthetic',
  stepMs: 200,
  dislocations: { slotMs: 3_000, probability: 1, minBps: 40, maxBps: 80, minDurationMs: 800, maxDurationMs: 1_500 },
})

/** The machine's clock, set to the time at which the frames begin: prices of the exchanges are a function of their time. */
const venueClock = {
  nowMs: () => startMs + Math.floor(systemClock.nowUs() / usPerMs - beganAtMs),
  nowUs: () => systemClock.nowUs(),
  setTimer: systemClock.setTimer.bind(systemClock),
}

/** @param {(line: string) => void} print */
async function record(print) {
  const symbols = [
    {
      base: 'BTC',
      quote: 'USDT',
      tickSize: '0.1',
      lotSize: '0.00001',
      minNotional: '3',
      referencePrice: 65_000,
      makerFee: '0.001',
      takerFee: '0.001',
    },
  ]
  const venues = /** @type {const} */ (['mexc', 'gateio']).map((name) =>
    createVenue(name, { seed: 5, clock: venueClock, port: ports[name], market, symbols }),
  )
  await Promise.all(venues.map((venue) => venue.start()))
  await rm(framesPath, { force: true })
  const fail = (/** @type {unknown} */ error) => print(`! ${String(error)}`)
  const writer = await RecordingWriter.create({ path: framesPath, maxBytes, onEnd: fail })
  const clock = new VirtualClock(startMs)
  const pump = new RecordingPump({ clock, realClock: systemClock, writer, onError: fail })
  const network = new RecordingNetwork(
    {
      createTransport: (origin) => createHttpTransport({ origin, clock: systemClock, random: systemRandom }),
      createSocket: (url, headers) => connectWebSocket(url, { headers, connectTimeoutMs, maxPayloadBytes }),
    },
    pump,
  )
  let trades = 0
  const session = new Session(clock, network, () => trades++)
  const started = session.start()
  pump.start()
  await started
  await sleep(systemClock, durationMs)
  await new Promise((resolve) => {
    const onEnd = () => pump.post('mark', 0, Buffer.from('end'), () => resolve(undefined))
    pump.post('mark', 0, Buffer.from('stop'), () => void session.stop().then(onEnd, fail))
  })
  writer.end()
  await session.exchanges.close()
  await writer.close()
  pump.close()
  await network.close()
  await Promise.all(venues.map((venue) => venue.close()))
  print(`${writer.events} events, ${writer.bytesWritten} bytes, ${trades} trades`)
}

await runAsProgram(import.meta, record)
