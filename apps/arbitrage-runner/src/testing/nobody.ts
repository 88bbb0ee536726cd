import { systemClock, systemRandom } from '@cex-arbitrage/common'
import type { CommandContext } from '../cli/command-context.js'
import { RecordingOutput } from './recording-output.js'

/** A context for specs that only look at the command line. */
export const nobody: CommandContext = {
  output: new RecordingOutput(),
  clock: systemClock,
  random: systemRandom,
  env: {},
  stopSignal: new AbortController().signal,
  onHaltSignal: () => undefined,
  startBeside: () => ({ exited: Promise.resolve(0), stop: () => undefined }),
  isRunning: () => false,
  exit: () => undefined,
}
