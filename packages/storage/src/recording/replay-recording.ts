import { settle, sleep, usPerMs, type Clock, type VirtualClock } from '@cex-arbitrage/common'
import { isOutgoing, type RecordedEvent } from './recorded-event.js'
import type { RecordedNetwork } from './recorded-network.js'
import type { RecordingReader } from './recording-reader.js'

export interface ReplayOptions {
  readonly reader: RecordingReader
  /** The engine's clock, at its start. */
  readonly clock: VirtualClock
  readonly network: RecordedNetwork
  /** Does to the engine what was done to it then. */
  readonly onMark: (name: string) => void
  /** Told after each event, with its time. */
  readonly onProgress?: (atUs: number) => void
  /** How many times as fast as it was; as fast as possible without it. */
  readonly speed?: number
  /** Paces the replay. */
  readonly realClock: Clock
  /** Ends it before its end. */
  readonly signal?: AbortSignal
}

/** What may be behind before the replay waits, microseconds. */
const paceUs = 2_000

/**
 * Plays a recording through an engine that has been set going on `clock` and `network`.
 *
 * @returns The number of events played.
 * @throws {@link ReplayDivergedException} The engine did something else than it did then.
 * @throws {@link RecordingException} The recording is damaged.
 */
export async function replayRecording(options: ReplayOptions): Promise<number> {
  const { reader, clock, network, onMark, onProgress, signal } = options
  const pace = createPace(options)
  let events = 0
  await settle()
  for await (const block of reader.readBlocks()) {
    for (const event of block) {
      if (signal?.aborted === true) return events
      if (pace !== undefined) await pace(event)
      if (event.atUs > clock.nowUs() || isOutgoing(event.kind)) await clock.advanceTo(event.atUs)
      if (event.kind === 'mark') onMark(event.data.toString())
      else network.accept(event)
      if (!isOutgoing(event.kind)) await settle()
      events++
      onProgress?.(event.atUs)
    }
  }
  return events
}

function createPace({ speed, realClock }: ReplayOptions): ((event: RecordedEvent) => Promise<void>) | undefined {
  if (speed === undefined) return undefined
  const startUs = realClock.nowUs()
  return async ({ atUs }) => {
    const aheadUs = atUs / speed - (realClock.nowUs() - startUs)
    if (aheadUs > paceUs) await sleep(realClock, aheadUs / usPerMs)
  }
}
