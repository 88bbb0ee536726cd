import { usPerMs, type Clock, type Timer } from '@cex-arbitrage/common'
import type { ChannelWatch, ChannelWatchOptions } from './channel-watch.js'

/** One watched channel. */
export class WatchedChannel implements ChannelWatch {
  /** Monotonic microseconds of the last data. */
  lastAtUs = 0
  private reportedAtUs = 0

  constructor(
    readonly channel: string,
    readonly options: ChannelWatchOptions,
    private readonly onClose: (channel: WatchedChannel) => void,
  ) {}

  touch(receivedAtUs: number): void {
    this.lastAtUs = receivedAtUs
  }

  close(): void {
    this.onClose(this)
  }

  /** Begins anew at `nowUs`. */
  reset(nowUs: number): void {
    this.lastAtUs = nowUs
    this.reportedAtUs = nowUs
  }

  getDueUs(): number {
    return Math.max(this.lastAtUs, this.reportedAtUs) + this.options.maxSilenceMs * usPerMs
  }

  markReported(nowUs: number): void {
    this.reportedAtUs = nowUs
  }
}

/** Watches that channels keep bringing data, with one timer for all; a silent one is reported again each time its limit passes. */
export class LivenessWatchdog {
  private readonly channels = new Set<WatchedChannel>()
  private timer: Timer | undefined
  private timerAtUs = Infinity
  private isRunning = false

  constructor(
    private readonly clock: Clock,
    private readonly onSilent: (channel: WatchedChannel, silentForMs: number) => void,
  ) {}

  watch(channel: string, options: ChannelWatchOptions): WatchedChannel {
    const watched = new WatchedChannel(channel, options, (closed) => this.channels.delete(closed))
    watched.reset(this.clock.nowUs())
    this.channels.add(watched)
    this.arm()
    return watched
  }

  /** Silence counts from now on. */
  start(): void {
    const nowUs = this.clock.nowUs()
    for (const channel of this.channels) channel.reset(nowUs)
    this.isRunning = true
    this.arm()
  }

  stop(): void {
    this.isRunning = false
    this.timer?.cancel()
    this.timer = undefined
    this.timerAtUs = Infinity
  }

  private arm(): void {
    if (!this.isRunning) return
    let dueUs = Infinity
    for (const channel of this.channels) dueUs = Math.min(dueUs, channel.getDueUs())
    if (dueUs >= this.timerAtUs) return
    this.timer?.cancel()
    this.timerAtUs = dueUs
    const delayMs = Math.max(0, Math.ceil((dueUs - this.clock.nowUs()) / usPerMs))
    this.timer = this.clock.setTimer(() => {
      this.timerAtUs = Infinity
      this.check()
      this.arm()
    }, delayMs)
  }

  private check(): void {
    const nowUs = this.clock.nowUs()
    for (const channel of this.channels) {
      if (nowUs < channel.getDueUs()) continue
      channel.markReported(nowUs)
      this.onSilent(channel, Math.round((nowUs - channel.lastAtUs) / usPerMs))
    }
  }
}
