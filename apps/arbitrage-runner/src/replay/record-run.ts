import {
  VirtualClock,
  systemRandom,
  usPerMs,
  type CexArbitrageException,
  type Clock,
  type Logger,
} from '@cex-arbitrage/common'
import { getEnabledExchanges, type EngineConfig } from '@cex-arbitrage/config'
import type { ExchangeNetwork } from '@cex-arbitrage/exchanges'
import { connectWebSocket, createHttpTransport } from '@cex-arbitrage/networking'
import { RecordingNetwork, RecordingPump, RecordingWriter } from '@cex-arbitrage/storage'
import { SimulatedVenues } from '../composition/simulated-venues.js'
import type { RecordingFolder } from './recording-folder.js'
import { toRunResult, type RunResult } from './run-result.js'
import { toSessionConfig } from './session-config.js'
import { SessionEngine } from './session-engine.js'

export interface RecordRunOptions {
  /** Of mode simulated or paper. */
  readonly config: EngineConfig
  readonly folder: RecordingFolder
  readonly clock: Clock
  readonly seed: number
  readonly logger: Logger
  /** Bytes on disk at which the recording ends. */
  readonly maxBytes: number
  readonly durationMs: number
  readonly stopSignal: AbortSignal
  readonly onProgress: (elapsedMs: number, events: number) => void
}

export interface RecordResult extends RunResult {
  readonly bytes: number
  readonly endedBy: 'duration' | 'signal' | 'disk'
}

const progressMs = 250

/**
 * Runs the engine on live market data with accounts on paper and writes down everything that comes in.
 *
 * @throws What starting the engine throws; {@link RecordingException} when the disk fails.
 */
export async function recordRun(options: RecordRunOptions): Promise<RecordResult> {
  const { config, clock, folder, seed } = options
  const enabled = [...getEnabledExchanges(config.exchanges).keys()]
  const venues = config.mode === 'simulated' ? await SimulatedVenues.start(config, enabled, clock) : undefined
  try {
    const addresses = new Map(venues === undefined ? [] : enabled.map((name) => [name, venues.address(name)]))
    const session = toSessionConfig(config, addresses)
    const startMs = clock.nowMs()
    await folder.create({ format: 1, startMs, seed, source: venues === undefined ? 'paper' : 'simulated' }, session)
    return await record(session, startMs, options)
  } finally {
    await venues?.close()
  }
}

async function record(config: EngineConfig, startMs: number, options: RecordRunOptions): Promise<RecordResult> {
  const { clock: realClock, folder, seed, logger, stopSignal, onProgress } = options
  const ending = createEnding()
  const writer = await RecordingWriter.create({
    path: folder.framesPath,
    maxBytes: options.maxBytes,
    onEnd: (reason) => ending.end(reason === 'full' ? 'disk' : 'failure'),
  })
  const clock = new VirtualClock(startMs)
  let failure: CexArbitrageException | undefined
  const onError = (error: CexArbitrageException): void => {
    failure ??= error
    ending.end('failure')
  }
  const pump = new RecordingPump({ clock, realClock, writer, onError })
  const network = new RecordingNetwork(createMachineNetwork(config, realClock), pump)
  const engine = new SessionEngine({ config, clock, seed, network, logger })
  await engine.loadPlugins()
  const mark = (name: string, act: () => void): void => pump.post('mark', 0, Buffer.from(name), act)
  const onAbort = (): void => ending.end('signal')
  stopSignal.addEventListener('abort', onAbort)
  if (stopSignal.aborted) onAbort()
  const timer = realClock.setTimer(() => ending.end('duration'), options.durationMs)
  let progress = realClock.setTimer(function tell() {
    onProgress(clock.nowUs() / usPerMs, writer.events)
    progress = realClock.setTimer(tell, progressMs)
  }, progressMs)
  try {
    const started = engine.start()
    pump.start()
    const startFailed = started.then(
      () => new Promise<never>(() => undefined),
      (error: unknown) => Promise.reject(error as Error),
    )
    const endedBy = await Promise.race([ending.promise, startFailed])
    if (failure !== undefined) throw failure
    await started
    const end = await new Promise<{ readonly atUs: number; readonly events: number }>((resolve, reject) => {
      const onEnd = (): void => resolve({ atUs: clock.nowUs(), events: writer.events })
      mark('stop', () => void engine.stop().then(() => mark('end', onEnd), reject))
    })
    writer.end()
    const decisions = engine.decisions()
    const run = { durationMs: Math.round(end.atUs / usPerMs), events: end.events }
    await engine.close()
    await writer.close()
    const result: RecordResult = {
      ...toRunResult(decisions, run),
      bytes: writer.bytesWritten,
      endedBy: endedBy === 'failure' ? 'disk' : endedBy,
    }
    await folder.writeResult(result, decisions.records)
    return result
  } finally {
    stopSignal.removeEventListener('abort', onAbort)
    timer.cancel()
    progress.cancel()
    pump.close()
    await network.close()
    await writer.close()
  }
}

type Ending = 'duration' | 'signal' | 'disk' | 'failure'

function createEnding(): { readonly promise: Promise<Ending>; end(by: Ending): void } {
  let end!: (by: Ending) => void
  const promise = new Promise<Ending>((resolve) => (end = resolve))
  return { promise, end }
}

/** The network of this machine as the connectors would use it by themselves. */
function createMachineNetwork({ network }: EngineConfig, clock: Clock): ExchangeNetwork {
  return {
    createTransport: (origin: string) => createHttpTransport({ origin, clock, random: systemRandom }),
    createSocket: (url: string, headers: Readonly<Record<string, string>>) =>
      connectWebSocket(url, {
        headers,
        connectTimeoutMs: network.connectTimeoutMs,
        maxPayloadBytes: network.websocket.maxFrameBytes,
      }),
  }
}
