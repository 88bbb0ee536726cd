import { CexArbitrageException, type LogFields, type Logger } from '@cex-arbitrage/common'
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino'

/** Names whose values never reach a log, wherever they stand up to three levels deep. */
const secretNames = ['apiKey', 'secret', 'signature', 'listenKey', 'token', 'password', 'authorization', 'SIGN', 'KEY']
const redactedPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

const ranks: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50, silent: 100 }

export interface PinoLoggerOptions {
  readonly level: LogLevel
  /** Where lines go; the process's error stream by default. */
  readonly destination?: DestinationStream
  /** Whether an error's stack is written; it is by default. */
  readonly includeStacks?: boolean
}

/** A logger whose lowest level can change while it and its children are in use. */
export interface AdjustableLogger extends Logger {
  setLevel(level: LogLevel): void
}

/** The engine's structured log: JSON lines with redaction. */
export function createPinoLogger(options: PinoLoggerOptions): AdjustableLogger {
  const destination = options.destination ?? pino.destination({ dest: 2, sync: false, minLength: 0 })
  const describe = (value: unknown): unknown => describeError(value, options.includeStacks ?? true)
  const log = pino(
    {
      level: 'debug',
      base: null,
      redact: { paths: redactedPaths, censor: '[redacted]' },
      serializers: { error: describe, err: describe, cause: describe },
    },
    destination,
  )
  const threshold = { rank: ranks[options.level] }
  return {
    ...wrap(log, {}, threshold),
    setLevel: (level) => {
      threshold.rank = ranks[level]
    },
  }
}

/**
 * Children share the threshold, which pino's own levels would not. Their fields are put together here: pino would write one
 * that is given twice twice.
 */
function wrap(root: PinoLogger, fields: LogFields, threshold: { readonly rank: number }): Logger {
  const log = root.child(fields)
  return {
    debug: (given, message) => {
      if (threshold.rank <= ranks.debug) log.debug(given, message)
    },
    info: (given, message) => {
      if (threshold.rank <= ranks.info) log.info(given, message)
    },
    warn: (given, message) => {
      if (threshold.rank <= ranks.warn) log.warn(given, message)
    },
    error: (given, message) => {
      if (threshold.rank <= ranks.error) log.error(given, message)
    },
    child: (more: LogFields) => wrap(root, { ...fields, ...more }, threshold),
  }
}

function describeError(value: unknown, includeStacks: boolean): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return {
    ...(value instanceof CexArbitrageException ? value.toJSON() : { name, message }),
    ...(includeStacks && { stack }),
    ...(cause instanceof Error && { cause: describeError(cause, includeStacks) }),
  }
}
