import type { LoggingConfig } from '@cex-arbitrage/config'
import { pino } from 'pino'
import type { Output } from '../cli/output.js'
import { createPinoLogger, type AdjustableLogger } from './pino-logger.js'
import { ReadableLines } from './readable-lines.js'

const standardError = 2

/**
 * The log as configured. With `auto` people are shown the live status, so only warnings reach the error stream, and on a
 * terminal, which redraws, nothing does; `json` and `pretty` write everything there. A file always receives everything.
 */
export function createLogger(config: LoggingConfig, output: Output): AdjustableLogger {
  const streams: pino.StreamEntry[] = []
  if (config.file !== undefined)
    streams.push({ level: 'debug', stream: pino.destination({ dest: config.file, sync: false, mkdir: true }) })
  if (config.format === 'pretty') streams.push({ level: 'debug', stream: new ReadableLines(output) })
  else if (config.format === 'json' || !output.isTerminal)
    streams.push({
      level: config.format === 'json' ? 'debug' : 'warn',
      stream: pino.destination({ dest: standardError, sync: false }),
    })
  return createPinoLogger({
    level: config.level,
    includeStacks: config.includeStacks,
    destination: pino.multistream(streams),
  })
}
