import { usPerMs, type Clock, type Timer } from '@cex-arbitrage/common'
import type { HeartbeatOptions } from './websocket-options.js'

/** What a heartbeat acts on. */
export interface HeartbeatTarget {
  ping(): void
  sendPing(payload: string | Buffer): void
  onPongMissing(timeoutMs: number): void
}

/** Sends protocol and application pings at their intervals, and misses the pongs that do not come. */
export class Heartbeat {
  private readonly timers = new Map<'protocol' | 'application' | 'pong', Timer>()

  constructor(
    private readonly clock: Clock,
    private readonly options: HeartbeatOptions,
    private readonly target: HeartbeatTarget,
  ) {}

  start(): void {
    const { protocolPing, applicationPing } = this.options
    const nowUs = this.clock.nowUs()
    if (protocolPing !== undefined)
      this.repeat('protocol', protocolPing.intervalMs, nowUs, () => this.pingProtocol(protocolPing.timeoutMs))
    if (applicationPing !== undefined)
      this.repeat('application', applicationPing.intervalMs, nowUs, () =>
        this.target.sendPing(applicationPing.createPayload(this.clock.nowMs())),
      )
  }

  onPong(): void {
    this.timers.get('pong')?.cancel()
    this.timers.delete('pong')
  }

  stop(): void {
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }

  private pingProtocol(timeoutMs: number): void {
    if (!this.timers.has('pong'))
      this.timers.set(
        'pong',
        this.clock.setTimer(() => this.target.onPongMissing(timeoutMs), timeoutMs),
      )
    this.target.ping()
  }

  /** Each beat is planned from the one before it, not from when its timer came, so that beats do not drift. */
  private repeat(kind: 'protocol' | 'application', intervalMs: number, previousUs: number, beat: () => void): void {
    const nowUs = this.clock.nowUs()
    const atUs = Math.max(nowUs, previousUs + intervalMs * usPerMs)
    this.timers.set(
      kind,
      this.clock.setTimer(
        () => {
          this.repeat(kind, intervalMs, atUs, beat)
          beat()
        },
        (atUs - nowUs) / usPerMs,
      ),
    )
  }
}
