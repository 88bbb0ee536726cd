import type { Clock, Random } from '@cex-arbitrage/common'
import type { Companion } from '../lifecycle/companion.js'
import type { Output } from './output.js'

/** What every subcommand works with; tests pass their own. */
export interface CommandContext {
  readonly output: Output
  readonly clock: Clock
  readonly random: Random
  readonly env: Readonly<Record<string, string | undefined>>
  /** Fires once when the process is asked to end (SIGINT, SIGTERM). */
  readonly stopSignal: AbortSignal
  /** Told when the process is asked to open nothing more and go on (SIGUSR2). */
  onHaltSignal(listener: () => void): void
  /** Runs this command line once more beside this process, which it outlives. */
  startBeside(args: readonly string[]): Companion
  /** Whether a process of this id exists. */
  isRunning(pid: number): boolean
  /** Sets the exit code of the process. */
  exit(code: number): void
}
