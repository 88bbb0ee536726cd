import { usPerMs, type Clock, type Timer } from '@cex-arbitrage/common'

export interface ClientHeartbeatOptions {
  readonly clock: Clock
  readonly intervalMs: number
  readonly ping: () => Promise<void>
  readonly onFailure: (reason: string) => void
}

/** Pings at an interval that does not drift; at most one timer, one ping at a time (R3.1, R3.7). */
export class ClientHeartbeat {
  private timer: Timer | undefined
  /** Grows with each start and stop, so that a ping of an earlier life is of no account. */
  private life = 0

  constructor(private readonly options: ClientHeartbeatOptions) {}

  start(): void {
    this.stop()
    this.schedule(this.life, this.options.clock.nowUs())
  }

  stop(): void {
    this.life++
    this.timer?.cancel()
    this.timer = undefined
  }

  private schedule(life: number, previousUs: number): void {
    const { clock, intervalMs } = this.options
    const nowUs = clock.nowUs()
    const atUs = Math.max(nowUs, previousUs + intervalMs * usPerMs)
    this.timer = clock.setTimer(() => void this.beat(life, atUs), (atUs - nowUs) / usPerMs)
  }

  private async beat(life: number, atUs: number): Promise<void> {
    this.timer = undefined
    try {
      await this.options.ping()
    } catch (error) {
      if (life === this.life) this.options.onFailure((error as Error).message)
      return
    }
    if (life === this.life) this.schedule(life, atUs)
  }
}
