import { sleep, type Clock } from '@cex-arbitrage/common'
import type { Companion } from '../lifecycle/companion.js'

const restartMs = 1_000

export interface WatchdogKeeperOptions {
  /** Starts the watchdog of the engine with this fencing token. */
  readonly startProgram: (fencingToken: number) => Companion
  /** Told when it has ended though the engine runs. */
  readonly onLost: () => void
  readonly clock: Clock
}

/** Keeps a watchdog running beside the engine; it outlives an engine that dies, and ends with one that stops. */
export class WatchdogKeeper {
  private companion: Companion | undefined
  private stopped = false

  constructor(private readonly options: WatchdogKeeperOptions) {}

  start(fencingToken: number): void {
    void this.keep(fencingToken)
  }

  /** Resolves when it has ended. */
  async stop(): Promise<void> {
    this.stopped = true
    this.companion?.stop()
    await this.companion?.exited
  }

  private async keep(fencingToken: number): Promise<void> {
    const { startProgram, onLost, clock } = this.options
    while (!this.stopped) {
      this.companion = startProgram(fencingToken)
      await this.companion.exited
      if (this.isStopped()) return
      onLost()
      await sleep(clock, restartMs)
    }
  }

  private isStopped(): boolean {
    return this.stopped
  }
}
