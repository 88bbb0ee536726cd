import { SeededRandom } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import type { HummingbotClientOptions } from '../client/client-options.js'
import { HummingbotClient } from '../client/hummingbot-client.js'
import { createRecordingLogger, RecordingSink, type LogRecord } from './recording.js'
import { ScriptedServer } from './scripted-server.js'

export const testApiKey = 'test_api_key'

/** A client of a scripted server, on a manual clock, connected unless told otherwise. */
export async function createTestClient(options: Partial<HummingbotClientOptions> = {}, capabilities?: string[]) {
  const clock = new ManualClock()
  const server = new ScriptedServer(clock)
  server.capabilities = capabilities
  const sink = new RecordingSink()
  const records: LogRecord[] = []
  const client = new HummingbotClient({
    eventEngine: sink,
    apiHost: 'localhost',
    apiPort: 15_888,
    apiKey: testApiKey,
    clock,
    random: new SeededRandom(1),
    logger: createRecordingLogger(records),
    createConnection: server.createConnection,
    ...options,
  })
  await client.connect()
  // The handshake counts against the rate; a test that measures the rate shall not see it.
  await clock.advance(1_000)
  const startMs = clock.nowMs()
  return { client, server, clock, sink, records, startMs }
}

/** The outcome of a promise that is let run on: `undefined` until it has one. */
export function watch<T>(promise: Promise<T>) {
  const seen: { value?: T; error?: unknown; isSettled: boolean } = { isSettled: false }
  promise.then(
    (value) => {
      seen.value = value
      seen.isSettled = true
    },
    (error: unknown) => {
      seen.error = error
      seen.isSettled = true
    },
  )
  return seen
}
