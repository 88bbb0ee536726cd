import type { Logger } from '@cex-arbitrage/common'
import type { LoggingConfig } from '@cex-arbitrage/config'
import { pino, type Level } from 'pino'
import type { Output } from '../cli/output.js'
import { createPinoLogger } from './pino-logger.js'

/**
 * The log as configured. People are shown the live status, so with `auto` only warnings reach the error stream, and on a
 * terminal, which redraws, nothing does; with `json` it receives everything. A file always receives everything.
 */
export function createLogger(config: LoggingConfig, output: Output): Logger {
  const level = config.level === 'silent' ? 'fatal' : config.level
  const streams = []
  if (config.file !== undefined)
    streams.push({ level, stream: pino.destination({ dest: config.file, sync: false, mkdir: true }) })
  if (config.format === 'json') streams.push({ level, stream: pino.destination({ dest: 2, sync: false }) })
  else if (!output.isTerminal)
    streams.push({ level: atLeastWarn(level), stream: pino.destination({ dest: 2, sync: false }) })
  return createPinoLogger({
    level: streams.length === 0 ? 'silent' : config.level,
    destination: pino.multistream(streams),
  })
}

const atLeastWarn = (level: Level): Level => (level === 'debug' || level === 'info' ? 'warn' : level)
