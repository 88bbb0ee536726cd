import { VirtualClock, settle, usPerMs } from '@cex-arbitrage/common'

/** The clock of one run, told in milliseconds since its start. */
export class SimulationClock extends VirtualClock {
  get elapsedMs(): number {
    return this.nowUs() / usPerMs
  }

  /**
   * Moves on to `untilMs` since the start.
   *
   * @param afterEach - Called first, and after every timer and what followed from it; `true` ends the run there.
   * @throws Error Timers set timers of the same moment without end.
   */
  async run(untilMs: number, afterEach: () => boolean = () => false): Promise<void> {
    await settle()
    if (!afterEach()) await this.advanceTo(untilMs * usPerMs, afterEach)
  }
}
