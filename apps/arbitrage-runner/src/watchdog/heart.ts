import { toCexArbitrageException, type Clock, type Logger, type Timer } from '@cex-arbitrage/common'
import type { HeartbeatFile } from './heartbeat-file.js'

/** So many beats within the watchdog's patience, so that a few lost ones do no harm. */
const beatsPerTimeout = 5

export interface HeartOptions {
  readonly file: HeartbeatFile
  /** The watchdog's patience, milliseconds. */
  readonly timeoutMs: number
  readonly fencingToken: number
  readonly pid: number
  readonly clock: Clock
  readonly logger: Logger
}

/** Beats while the engine's thread turns; a hung engine falls silent like a dead one. */
export class Heart {
  private timer: Timer | undefined
  private sequence = 0
  private writing: Promise<void> = Promise.resolve()

  constructor(private readonly options: HeartOptions) {}

  /** Resolves when the first beat has been written. */
  async start(): Promise<void> {
    this.schedule()
    await this.beat('alive')
  }

  /** Says good-bye, so that the watchdog ends as well; only to be called when nothing rests. */
  async stop(): Promise<void> {
    this.silence()
    await this.beat('stopped')
  }

  /** Beats no more and lets the watchdog act. */
  silence(): void {
    this.timer?.cancel()
    this.timer = undefined
  }

  private schedule(): void {
    const { clock, timeoutMs } = this.options
    this.timer = clock.setTimer(() => {
      this.schedule()
      void this.beat('alive')
    }, timeoutMs / beatsPerTimeout)
  }

  private beat(state: 'alive' | 'stopped'): Promise<void> {
    const { file, fencingToken, pid, logger } = this.options
    const sequence = ++this.sequence
    this.writing = this.writing
      .then(() => file.write({ fencingToken, pid, sequence, state }))
      .catch((error: unknown) => {
        const { message } = toCexArbitrageException(error, { doing: 'writing the heartbeat' })
        logger.warn({ message }, 'the watchdog cannot see that this engine lives')
      })
    return this.writing
  }
}
