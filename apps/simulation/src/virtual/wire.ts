import type { Clock } from '@cex-arbitrage/common'

/** Carries events one way or the other after the same time, in the order in which they were given. */
export class Wire {
  /**
   * @param oneWayMs - Milliseconds from one end to the other.
   * @param isDead - Whether the process at the client's end is gone: then nothing reaches it and nothing leaves it.
   */
  constructor(
    private readonly clock: Clock,
    private readonly oneWayMs: number,
    readonly isDead: () => boolean,
  ) {}

  toVenue(event: () => void): void {
    if (!this.isDead()) this.clock.setTimer(event, this.oneWayMs)
  }

  /** The end of a process reaches the venue too: its sockets close. */
  toVenueAtDeath(event: () => void): void {
    this.clock.setTimer(event, this.oneWayMs)
  }

  toClient(event: () => void): void {
    this.clock.setTimer(() => {
      if (!this.isDead()) event()
    }, this.oneWayMs)
  }
}
