import { createSimulateCommand } from './cli/simulate-command.js'
import { ThreadWorker } from './run/thread-worker.js'

await createSimulateCommand({
  out: (line) => void process.stdout.write(`${line}\n`),
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${text}`)
  },
  startWorker: () => new ThreadWorker(),
  onFailed: () => {
    process.exitCode = 1
  },
}).parseAsync()
