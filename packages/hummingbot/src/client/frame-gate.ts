import { usPerMs, type Clock, type Timer } from '@cex-arbitrage/common'
import { RateWindow } from '@cex-arbitrage/networking'

/** One frame that wants to go out. */
export interface GateEntry {
  /** Whether it needs one of the slots of requests in flight; given back with `release`. */
  readonly needsSlot: boolean
  /** Goes before all that is not urgent: pings, authentication, cancels (R2.6). */
  readonly urgent: boolean
  /** Called once, in the very moment in which the frame may be written. */
  onGranted(): void
}

export interface FrameGateOptions {
  readonly clock: Clock
  readonly maxInFlight: number
  readonly rateLimit: { readonly frames: number; readonly periodMs: number; readonly marginMs?: number }
}

/**
 * Lets frames out, first come first served: at most so many in flight, at most so many in any window (R2). A slot is
 * taken and a frame counted in one step, in the moment of sending; whoever waits holds nothing.
 */
export class FrameGate {
  private readonly window: RateWindow
  private urgent: GateEntry[] = []
  private normal: GateEntry[] = []
  private used = 0
  private timer: Timer | undefined

  constructor(private readonly options: FrameGateOptions) {
    const { frames, periodMs, marginMs } = options.rateLimit
    this.window = new RateWindow(
      { name: 'frames', capacity: frames, intervalMs: periodMs, ...(marginMs !== undefined && { marginMs }) },
      0,
    )
  }

  /** Requests in flight. */
  get inFlight(): number {
    return this.used
  }

  /** Frames that wait. */
  get waiting(): number {
    return this.urgent.length + this.normal.length
  }

  enter(entry: GateEntry): void {
    ;(entry.urgent ? this.urgent : this.normal).push(entry)
    this.pump()
  }

  /** Takes an entry off the queue; it costs nothing. @returns whether it waited. */
  leave(entry: GateEntry): boolean {
    const before = this.waiting
    this.urgent = this.urgent.filter((each) => each !== entry)
    this.normal = this.normal.filter((each) => each !== entry)
    this.pump()
    return this.waiting < before
  }

  /** Gives a slot back. */
  release(): void {
    this.used--
    this.pump()
  }

  private pump(): void {
    for (;;) {
      const next = this.findNext()
      if (next === undefined) break
      const nowUs = this.options.clock.nowUs()
      if (!this.window.fits(1, true, 0, nowUs)) {
        this.wake(nowUs)
        return
      }
      this.window.hold(1, true, nowUs)
      this.window.spend(1, true, nowUs)
      if (next.needsSlot) this.used++
      this.remove(next)
      next.onGranted()
    }
    this.timer?.cancel()
    this.timer = undefined
  }

  private findNext(): GateEntry | undefined {
    const hasSlot = this.used < this.options.maxInFlight
    const urgent = this.urgent.find(({ needsSlot }) => hasSlot || !needsSlot)
    if (urgent !== undefined) return urgent
    const first = this.normal[0]
    return first !== undefined && (hasSlot || !first.needsSlot) ? first : undefined
  }

  private remove(entry: GateEntry): void {
    const queue = entry.urgent ? this.urgent : this.normal
    queue.splice(queue.indexOf(entry), 1)
  }

  /** One timer, aimed at the moment in which the window has room; what it finds then is checked anew. */
  private wake(nowUs: number): void {
    if (this.timer !== undefined) return
    const freeAtUs = this.window.getFreeAtUs(1, true, nowUs)
    this.timer = this.options.clock.setTimer(
      () => {
        this.timer = undefined
        this.pump()
      },
      Math.max(0, (freeAtUs - nowUs) / usPerMs),
    )
  }
}
