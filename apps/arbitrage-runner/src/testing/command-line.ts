import { systemClock, systemRandom } from '@cex-arbitrage/common'
import type { CommandContext } from '../cli/command-context.js'
import { isProcessRunning } from '../lifecycle/companion.js'
import { runProgram } from '../cli/program.js'
import { RecordingOutput } from './recording-output.js'

/** One run of the command line in this process. */
export class CommandLine {
  readonly output = new RecordingOutput()
  exitCode = 0
  private readonly stopping = new AbortController()
  private readonly haltListeners: (() => void)[] = []

  constructor(private readonly env: CommandContext['env'] = {}) {}

  async run(...args: readonly string[]): Promise<this> {
    await runProgram(args, {
      output: this.output,
      clock: systemClock,
      random: systemRandom,
      // History in memory, so that a run leaves nothing behind.
      env: { CEX_ARBITRAGE_DATABASE__URL: 'sqlite::memory:', ...this.env },
      stopSignal: this.stopping.signal,
      onHaltSignal: (listener) => this.haltListeners.push(listener),
      startBeside: () => ({ exited: new Promise(() => undefined), stop: () => undefined }),
      isRunning: isProcessRunning,
      exit: (code) => {
        this.exitCode = code
      },
    })
    return this
  }

  /** What SIGUSR2 does. */
  sendHaltSignal(): void {
    for (const listener of this.haltListeners) listener()
  }

  /** What Ctrl-C does. */
  stop(): void {
    this.stopping.abort()
  }
}
