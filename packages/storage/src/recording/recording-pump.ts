import {
  settle,
  toCexArbitrageException,
  usPerMs,
  type CexArbitrageException,
  type Clock,
  type Timer,
  type VirtualClock,
} from '@cex-arbitrage/common'
import type { RecordingWriter } from './recording-writer.js'
import type { EventKind } from './recorded-event.js'

interface Inbound {
  readonly atUs: number
  readonly kind: EventKind | undefined
  readonly channel: number
  readonly data: Buffer
  readonly deliver: () => void
}

export interface RecordingPumpOptions {
  /** The engine's clock. It stands still while an event is dealt with. */
  readonly clock: VirtualClock
  /** The machine's. */
  readonly realClock: Clock
  readonly writer: RecordingWriter
  /** Told when the engine throws where nothing may. */
  readonly onError: (error: CexArbitrageException) => void
}

const nothing = Buffer.alloc(0)

/**
 * Lets the world in one event at a time. Each is stamped when it arrives; the engine's clock is then moved to that stamp,
 * timers on the way firing at their own time, the event is written down and delivered, and everything that follows from it
 * is done before the next. A replay that does the same with the written events is the same run.
 */
export class RecordingPump {
  private readonly startUs: number
  private readonly queue: Inbound[] = []
  private lastUs = 0
  private running = false
  private timer: Timer | undefined
  private isClosed = false

  constructor(private readonly options: RecordingPumpOptions) {
    this.startUs = options.realClock.nowUs()
  }

  /** Something came in. */
  post(kind: EventKind, channel: number, data: Buffer, deliver: () => void): void {
    this.enqueue({ atUs: this.stamp(), kind, channel, data, deliver })
  }

  /** The engine did something, now on its own clock. */
  note(kind: EventKind, channel: number, data: Buffer): void {
    const { clock, writer } = this.options
    writer.add(kind, clock.nowUs(), channel, data)
  }

  /** Wakes the engine's timers; called once after the engine has been set going. */
  start(): void {
    this.enqueue({ atUs: this.stamp(), kind: undefined, channel: 0, data: nothing, deliver: () => undefined })
  }

  /** Nothing is let in any more. */
  close(): void {
    this.isClosed = true
    this.timer?.cancel()
    this.queue.length = 0
  }

  private stamp(): number {
    this.lastUs = Math.max(this.lastUs, Math.round(this.options.realClock.nowUs() - this.startUs))
    return this.lastUs
  }

  private enqueue(event: Inbound): void {
    if (this.isClosed) return
    this.queue.push(event)
    if (!this.running) void this.run()
  }

  private async run(): Promise<void> {
    this.running = true
    this.timer?.cancel()
    const { clock, writer, onError } = this.options
    for (let event = this.queue.shift(); event !== undefined; event = this.queue.shift()) {
      try {
        await clock.advanceTo(event.atUs)
        if (event.kind !== undefined) writer.add(event.kind, event.atUs, event.channel, event.data)
        event.deliver()
        await settle()
      } catch (error) {
        onError(toCexArbitrageException(error, { doing: 'recording' }))
      }
    }
    this.running = false
    this.wakeForTimers()
  }

  private wakeForTimers(): void {
    const { clock, realClock } = this.options
    const dueUs = clock.nextDueUs
    if (dueUs === undefined || this.isClosed) return
    const delayMs = Math.max(0, (dueUs + this.startUs - realClock.nowUs()) / usPerMs)
    this.timer = realClock.setTimer(() => this.start(), delayMs)
  }
}
