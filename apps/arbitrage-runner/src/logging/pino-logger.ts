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
    ...wrap(log, threshold),
    setLevel: (level) => {
      threshold.rank = ranks[level]
    },
  }
}

/** Children share the threshold, which pino's own levels would not. */
function wrap(log: PinoLogger, threshold: { readonly rank: number }): Logger {
  return {
    debug: (fields, message) => {
      if (threshold.rank <= ranks.debug) log.debug(fields, message)
    },
    info: (fields, message) => {
      if (threshold.rank <= ranks.info) log.info(fields, message)
    },
    warn: (fields, message) => {
      if (threshold.rank <= ranks.warn) log.warn(fields, message)
    },
    error: (fields, message) => {
      if (threshold.rank <= ranks.error) log.error(fields, message)
    },
    child: (bindings: LogFields) => wrap(log.child(bindings), threshold),
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
