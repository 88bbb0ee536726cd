import { ExchangeConnectionException } from '@cex-arbitrage/common'
import { loadConfig } from '@cex-arbitrage/config'
import { describe, expect, it } from 'vitest'
import { RecordingOutput } from '../testing/recording-output.js'
import { createLogger } from './create-logger.js'

function write(settings: Readonly<Record<string, unknown>>): string[] {
  const output = new RecordingOutput(true)
  const { logging } = loadConfig({ env: {}, overrides: { logging: { format: 'pretty', ...settings } } })
  const log = createLogger(logging, output).child({ component: 'spec' })
  const error = new ExchangeConnectionException({ message: 'No way.', cause: new Error('reset') })
  log.warn({ error, attempts: 3 }, 'lost')
  return output.notes
}

describe('the readable log', () => {
  it('writes time, level, message and fields in one line, and a stack below it', () => {
    const [line, stack] = write({})
    expect(line).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3}Z WARN {2}lost component=spec error=\{.*"message":"No way\.".*attempts=3$/,
    )
    expect(line).toContain('"cause":{"name":"Error","message":"reset"')
    expect(stack).toMatch(/ExchangeConnectionException: No way\.\n {4}at /)
  })

  it('leaves stacks out where they are not wanted', () => {
    const lines = write({ includeStacks: false })
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain('    at ')
  })
})

describe('the level of a log', () => {
  it('can be changed while children are in use', () => {
    const output = new RecordingOutput(true)
    const { logging } = loadConfig({ env: {}, overrides: { logging: { format: 'pretty', level: 'warn' } } })
    const log = createLogger(logging, output)
    const child = log.child({ component: 'spec' })
    child.info({}, 'below')
    log.setLevel('debug')
    for (const level of ['debug', 'info', 'warn', 'error'] as const) child[level]({}, level)
    log.setLevel('silent')
    child.error({}, 'below')
    expect(output.notes).toHaveLength(4)
  })
})
