import type { Clock, Timer } from '@cex-arbitrage/common'
import type { SocketLink } from './socket-link.js'

/** Sockets that a newer one has replaced: they deliver for the overlap and are then closed. */
export class RetiringLinks {
  private readonly timers = new Map<SocketLink, Timer>()

  constructor(
    private readonly clock: Clock,
    private readonly overlapMs: number,
    private readonly closeTimeoutMs: number,
  ) {}

  add(link: SocketLink): void {
    const timer = this.clock.setTimer(() => void link.close(this.closeTimeoutMs), this.overlapMs)
    this.timers.set(link, timer)
  }

  /** Whether it was one of them. */
  delete(link: SocketLink): boolean {
    this.timers.get(link)?.cancel()
    return this.timers.delete(link)
  }

  /** Closes all without waiting for the overlap. */
  async close(deadlineMs: number): Promise<void> {
    const links = [...this.timers.keys()]
    for (const timer of this.timers.values()) timer.cancel()
    await Promise.all(links.map((link) => link.close(deadlineMs)))
  }
}
