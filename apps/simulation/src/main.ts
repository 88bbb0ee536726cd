import { createSimulateCommand } from './cli/simulate-command.js'

const output = {
  out: (line: string): void => void process.stdout.write(`${line}\n`),
  progress: (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${text}`)
  },
}
await createSimulateCommand(output, () => (process.exitCode = 1)).parseAsync()
