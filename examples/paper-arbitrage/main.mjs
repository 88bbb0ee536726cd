// Arbitrage between MEXC and Gate.io on recorded frames, with accounts on paper: every byte goes through the connectors that
// trade live, and the run is the same each time.
//
//   node examples/paper-arbitrage/main.mjs
import { Decimal, VirtualClock, systemClock } from '@cex-arbitrage/common'
import { RecordedNetwork, RecordingReader, replayRecording } from '@cex-arbitrage/storage'
import { describeOutcome } from '../support/describe-outcome.mjs'
import { runAsProgram } from '../support/run-as-program.mjs'
import { framesPath, startMs } from './frames.mjs'
import { Session } from './session.mjs'

/** @param {(line: string) => void} print */
export async function main(print) {
  const clock = new VirtualClock(startMs)
  const network = new RecordedNetwork()
  let profit = Decimal.zero
  const session = new Session(clock, network, (outcome) => {
    profit = profit.plus(outcome.realisedProfit)
    print(`${new Date(clock.nowMs()).toISOString().slice(11, 23)} ${describeOutcome(outcome)}`)
  })
  const started = session.start()
  const reader = await RecordingReader.open(framesPath)
  const events = await replayRecording({
    reader,
    clock,
    network,
    realClock: systemClock,
    onMark: (name) => void (name === 'stop' && session.stop()),
  })
  await started
  await reader.close()
  const { bookUpdates, trades, whyNot } = session.status()
  const refusals = Object.entries(whyNot).filter(([, count]) => count > 0)
  print(
    `${events} events, ${bookUpdates} changes of a book, ${trades.completed} trades completed, ${profit.toFixed(4)} USDT`,
  )
  print(`why not more: ${refusals.map(([cause, count]) => `${cause} ${count}`).join(', ')}`)
}

await runAsProgram(import.meta, main)
