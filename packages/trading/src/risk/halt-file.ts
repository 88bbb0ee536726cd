import type { Clock, Timer } from '@cex-arbitrage/common'
import type { TradingHalt } from '../types/halt.js'

/** A halt has to stand within 100 ms of its cause. */
const defaultPollMs = 50

export interface HaltFileOptions {
  /** Shown in the cause. */
  readonly path: string
  /** Whether the file is there; the app brings the file system. A failure counts as there. */
  readonly exists: () => boolean
  /** Milliseconds between two looks; 50 by default. */
  readonly pollMs?: number
}

/** Halts while a file exists, so that `touch` stops trading where nothing else can be reached; removing it resumes. */
export class HaltFile {
  private timer: Timer | undefined
  private present = false

  constructor(
    private readonly halt: TradingHalt,
    private readonly clock: Clock,
    private readonly options: HaltFileOptions,
  ) {}

  /** Looks at once and then again and again. */
  start(): void {
    if (this.timer === undefined) this.look()
  }

  close(): void {
    this.timer?.cancel()
    this.timer = undefined
  }

  private look(): void {
    const present = this.isPresent()
    if (present && !this.present)
      this.halt.halt({ rule: 'file', detail: `The file ${this.options.path} exists. Remove it to trade again.` })
    if (!present && this.present) this.halt.resume('file')
    this.present = present
    this.timer = this.clock.setTimer(() => this.look(), this.options.pollMs ?? defaultPollMs)
  }

  private isPresent(): boolean {
    try {
      return this.options.exists()
    } catch {
      return true
    }
  }
}
