#!/usr/bin/env node
import 'reflect-metadata'
import { fileURLToPath } from 'node:url'
import { systemClock, systemRandom } from '@cex-arbitrage/common'
import { processEnvironment } from '@cex-arbitrage/config'
import { processOutput } from './cli/output.js'
import { runProgram } from './cli/program.js'
import { isProcessRunning, startCompanion } from './lifecycle/companion.js'
import { createStopSignal } from './lifecycle/stop-signal.js'

await runProgram(process.argv.slice(2), {
  output: processOutput,
  clock: systemClock,
  random: systemRandom,
  env: processEnvironment(),
  stopSignal: createStopSignal(process, [process.stdout, process.stderr]),
  onHaltSignal: (listener) => void process.on('SIGUSR2', listener),
  startBeside: (args) => startCompanion(fileURLToPath(import.meta.url), args),
  isRunning: isProcessRunning,
  exit: (code) => {
    process.exitCode = code
  },
})
