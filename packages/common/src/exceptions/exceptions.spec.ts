import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as common from '../index.js'
import { createExchangeId } from '../types/ids.js'
import { CexArbitrageException } from './cex-arbitrage-exception.js'
import { errorCodes } from './error-codes.js'

type Constructor = new (options: object) => CexArbitrageException

const abstractNames = ['CexArbitrageException', 'ExchangeException']
const exceptions = Object.entries(common).filter(([name]) => name.endsWith('Exception') && !name.startsWith('to')) as [
  string,
  Constructor,
][]
const concrete = exceptions.filter(([name]) => !abstractNames.includes(name))
const catalogue = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')

describe('every exception', () => {
  it.each(concrete)('%s carries correlation id, time, code and recovery', (name, Exception) => {
    const before = Date.now()
    const made = new Exception({ message: 'it failed', retryAfterMs: 1 })
    expect(made).toBeInstanceOf(CexArbitrageException)
    expect(made).toBeInstanceOf(Error)
    expect(made.name).toBe(name)
    expect(made.message).toBe('it failed')
    expect(made.correlationId).toMatch(/^[0-9a-f-]{36}$/)
    expect(made.timestamp).toBeGreaterThanOrEqual(before)
    expect(errorCodes).toContain(made.code)
    expect(['retry', 'reject', 'reconcile', 'halt']).toContain(made.recovery)
  })

  it.each(concrete)('%s keeps what it was given', (name, Exception) => {
    const cause = new Error('below')
    const exchange = createExchangeId('test')
    const given = { correlationId: common.asCorrelationId('c-1'), timestamp: 5, exchange }
    const made = new Exception({
      message: 'm',
      cause,
      ...given,
      retryAfterMs: 7,
      exchangeCode: '30004',
      httpStatus: 400,
    })
    expect(made).toMatchObject(given)
    expect(made.cause).toBe(cause)
    expect(JSON.parse(JSON.stringify(made))).toEqual({
      name,
      code: made.code,
      message: 'm',
      recovery: made.recovery,
      ...given,
    })
  })

  it('has a code of its own, and every code has an exception', () => {
    const codes = concrete.map(([, Exception]) => new Exception({ message: 'm', retryAfterMs: 1 }).code)
    expect(codes.toSorted()).toEqual([...errorCodes].toSorted())
  })
})

describe('docs/errors.md', () => {
  it('lists every code once, in order, with its recovery', () => {
    const rows = [...catalogue.matchAll(/^\| `([A-Z_]+)`\s+\| `(\w+)`\s+\| (.+?)\s+\| (.+?)\s*\|$/gm)]
    expect(rows.map(([, code]) => code)).toEqual(errorCodes)
    const recoveries = new Map(
      concrete.map(([, Exception]) => {
        const made = new Exception({ message: 'm', retryAfterMs: 1 })
        return [made.code as string, made.recovery as string]
      }),
    )
    for (const [, code = '', recovery] of rows) expect([code, recovery]).toEqual([code, recoveries.get(code)])
  })

  it('names the class of each code', () => {
    for (const [name] of concrete) expect(catalogue).toContain(`\`${name}\``)
  })
})

describe('fields of single exceptions', () => {
  it('are kept', () => {
    const options = { message: 'm' }
    expect(new common.ConfigurationException(options).problems).toEqual([])
    expect(
      new common.ConfigurationException({ ...options, problems: [{ path: 'a', message: 'b' }] }).problems,
    ).toHaveLength(1)
    expect(new common.RateLimitException({ ...options, retryAfterMs: 5 }).retryAfterMs).toBe(5)
    expect(new common.RateLimitException(options).retryAfterMs).toBeUndefined()
    expect(new common.CircuitOpenException({ ...options, retryAfterMs: 5 }).retryAfterMs).toBe(5)
    expect(new common.OrderNotFoundException(options).alreadyFinal).toBe(false)
    expect(new common.OrderNotFoundException({ ...options, alreadyFinal: true }).alreadyFinal).toBe(true)
    const rejected = new common.OrderRejectedException({ ...options, exchangeCode: '30004', httpStatus: 400 })
    expect(rejected).toMatchObject({ exchangeCode: '30004', httpStatus: 400 })
  })
})
