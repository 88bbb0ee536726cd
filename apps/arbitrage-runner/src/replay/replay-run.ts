import {
  ReplayDivergedException,
  VirtualClock,
  toCexArbitrageException,
  usPerMs,
  type Clock,
  type Logger,
} from '@cex-arbitrage/common'
import { RecordedNetwork, RecordingReader, replayRecording } from '@cex-arbitrage/storage'
import type { DecisionDifference, RecordingFolder } from './recording-folder.js'
import { toRunResult, type RunResult } from './run-result.js'
import { SessionEngine, type Decisions, type Observations } from './session-engine.js'

export interface ReplayRunOptions {
  readonly folder: RecordingFolder
  /** Settings that differ from those of the recording, as `path=value`; decisions differ then too. */
  readonly set?: readonly string[]
  readonly clock: Clock
  readonly logger: Logger
  /** How many times as fast as it was; as fast as possible without it. */
  readonly speed?: number
  readonly signal?: AbortSignal
  /** Share of the recording that is done, 0 to 1. */
  readonly onProgress?: (share: number, status: ReturnType<SessionEngine['status']>) => void
}

export interface ReplayedRun {
  readonly decisions: Decisions
  readonly observations: Observations
  /** Unix milliseconds. */
  readonly startMs: number
  readonly result: RunResult & {
    /** Wall time of the replay, milliseconds. */
    readonly wallMs: number
    /** Times as fast as it was. */
    readonly speed: number
    /** Where its decisions part from the recorded ones; left out when they are the same. */
    readonly difference?: DecisionDifference
  }
}

const eventsPerProgress = 1_000

/**
 * Plays a recorded run through the same engine again.
 *
 * @throws {@link ReplayDivergedException} It did something else. @throws {@link RecordingException} It cannot be read.
 */
export async function replayRun(options: ReplayRunOptions): Promise<ReplayedRun> {
  const { folder, clock: realClock, logger, speed, signal, onProgress } = options
  const { manifest, config } = await folder.open(options.set)
  const reader = await RecordingReader.open(folder.framesPath)
  const startUs = realClock.nowUs()
  try {
    const clock = new VirtualClock(manifest.startMs)
    const network = new RecordedNetwork()
    const engine = new SessionEngine({ config, clock, seed: manifest.seed, network, logger })
    await engine.loadPlugins()
    const steps = new SessionSteps(engine, clock, options.set !== undefined)
    let seen = 0
    const events = await replayRecording({
      reader,
      clock,
      network,
      realClock,
      ...(speed !== undefined && { speed }),
      ...(signal && { signal }),
      onMark: (name) => steps.take(name),
      onProgress: (atUs) => {
        if (++seen % eventsPerProgress === 0) onProgress?.(atUs / Math.max(1, reader.durationUs), engine.status())
      },
    })
    const decisions = await steps.finish(reader.isTorn || signal?.aborted === true)
    const wallMs = (realClock.nowUs() - startUs) / usPerMs
    const durationMs = Math.round(clock.nowUs() / usPerMs)
    const difference = options.set === undefined ? await folder.firstDifference(decisions.records) : undefined
    return {
      decisions,
      observations: engine.observations(),
      startMs: manifest.startMs,
      result: {
        ...toRunResult(decisions, { durationMs, events }),
        wallMs: Math.round(wallMs),
        speed: Math.round((durationMs / wallMs) * 10) / 10,
        ...(difference && { difference }),
      },
    }
  } finally {
    await reader.close()
  }
}

/** What the recorded run was told to do, done again; a failure is kept until it can be thrown. */
class SessionSteps {
  private stopped: Promise<unknown> | undefined
  private hasStarted = false
  private hasStopped = false
  private hasEnded = false
  private failure: unknown

  /** @param isChanged - Settings differ, so that the stop may take another time than it did. */
  constructor(
    private readonly engine: SessionEngine,
    private readonly clock: VirtualClock,
    private readonly isChanged: boolean,
  ) {
    engine.start().then(
      () => {
        this.hasStarted = true
      },
      (error: unknown) => {
        this.failure = error
      },
    )
  }

  take(name: string): void {
    if (name === 'stop') {
      if (!this.hasStarted) throw this.early('stop', 'started')
      this.stopped = this.engine.stop()
      this.stopped.then(
        () => {
          this.hasStopped = true
        },
        (error: unknown) => {
          this.failure = error
        },
      )
    }
    if (name === 'end') {
      if (!this.hasStopped && !this.isChanged) throw this.early('end', 'stopped')
      this.hasEnded = true
    }
  }

  /** @param isCut - The recording, or the replay of it, has no end. */
  async finish(isCut: boolean): Promise<Decisions> {
    if (!this.hasEnded && !isCut) throw this.early('end', 'ended')
    if (!this.hasStarted) throw this.early('end', 'started')
    if (this.stopped !== undefined) await this.clock.runUntil(this.stopped)
    return this.engine.decisions()
  }

  private early(mark: string, state: string): Error {
    if (this.failure !== undefined) return toCexArbitrageException(this.failure, { doing: 'replaying' })
    return new ReplayDivergedException({
      message: `The recorded run had ${state} at its mark '${mark}'; the replay had not. Replay with the version of the recording.`,
    })
  }
}
