import type { Clock, Timer } from '@cex-arbitrage/common'

/** Takes a bot as gone after so many milliseconds without a heartbeat: three beats, for there is no last will. */
export const HEARTBEAT_LIMIT_MS = 30_000

/** Watches the heartbeats of bots. */
export class BotWatch {
  private readonly timers = new Map<string, Timer>()

  constructor(
    private readonly clock: Clock,
    private readonly onGone: (bot: string) => void,
  ) {}

  /** Bots whose heart beats. */
  get alive(): readonly string[] {
    return [...this.timers.keys()]
  }

  /** @returns whether the bot was not known to be alive. */
  beat(bot: string): boolean {
    const before = this.timers.get(bot)
    before?.cancel()
    this.timers.set(
      bot,
      this.clock.setTimer(() => {
        this.timers.delete(bot)
        this.onGone(bot)
      }, HEARTBEAT_LIMIT_MS),
    )
    return before === undefined
  }

  close(): void {
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }
}
