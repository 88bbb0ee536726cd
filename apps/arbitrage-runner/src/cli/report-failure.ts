import {
  CexArbitrageException,
  ConfigurationException,
  MissingComponentException,
  exitCode,
} from '@cex-arbitrage/common'
import { CommanderError } from 'commander'
import type { Output } from './output.js'

/** Tells people what went wrong. @returns the exit code that says so to scripts. */
export function reportFailure(error: unknown, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
  if (error instanceof ConfigurationException) {
    output.note(error.message)
    for (const { path, message } of error.problems) {
      const line = path === '' ? message : `${path}: ${message}`
      if (!error.message.includes(line)) output.note(`  ${line}`)
    }
    return exitCode.usage
  }
  if (error instanceof MissingComponentException) {
    output.note(error.message)
    return exitCode.usage
  }
  if (error instanceof CexArbitrageException) {
    output.note(`${error.code}: ${error.message} [${error.correlationId}]`)
    return error.recovery === 'halt' ? exitCode.halted : exitCode.failed
  }
  output.note(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return exitCode.failed
}
