import type { Logger } from '@cex-arbitrage/common'
import type { LoggingConfig } from '@cex-arbitrage/config'
import { pino } from 'pino'
import type { Output } from '../cli/output.js'
import { createPinoLogger } from './pino-logger.js'

/**
 * The log as configured. A terminal shows the live status instead, so there only a file receives lines; elsewhere they go
 * to the error stream.
 */
export function createLogger(config: LoggingConfig, output: Output): Logger {
  const file =
    config.file === undefined ? [] : [{ stream: pino.destination({ dest: config.file, sync: false, mkdir: true }) }]
  const errorStream = output.isTerminal ? [] : [{ stream: pino.destination({ dest: 2, sync: false }) }]
  const streams = [...file, ...errorStream].map(
    (entry) => ({ ...entry, level: config.level === 'silent' ? 'fatal' : config.level }) as const,
  )
  return createPinoLogger({
    level: streams.length === 0 ? 'silent' : config.level,
    destination: pino.multistream([...streams]),
  })
}
