import type { LogFields, Logger } from '@cex-arbitrage/common'
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino'

/** Names whose values never reach a log, wherever they stand up to three levels deep. */
const secretNames = ['apiKey', 'secret', 'signature', 'listenKey', 'token', 'password', 'authorization', 'SIGN', 'KEY']
const redactedPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

export interface PinoLoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where lines go; the process's error stream by default. */
  readonly destination?: DestinationStream
}

/** The engine's structured log: JSON lines with redaction. */
export function createPinoLogger(options: PinoLoggerOptions): Logger {
  const destination = options.destination ?? pino.destination({ dest: 2, sync: false, minLength: 0 })
  return wrap(
    pino({ level: options.level, base: null, redact: { paths: redactedPaths, censor: '[redacted]' } }, destination),
  )
}

function wrap(log: PinoLogger): Logger {
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    child: (bindings: LogFields) => wrap(log.child(bindings)),
  }
}
