import { describe, expect, it } from 'vitest'
import { asCorrelationId, createExchangeId } from '../types/ids.js'
import { InvariantBrokenException } from './engine-exceptions.js'
import { toCexArbitrageException } from './to-exception.js'

const doing = 'asking for the time'
const withCode = (code: string): Error => Object.assign(new Error('broken'), { code })

describe('toCexArbitrageException', () => {
  it('gives back what is of the family already', () => {
    const known = new InvariantBrokenException({ message: 'm' })
    expect(toCexArbitrageException(known, { doing })).toBe(known)
  })

  it.each([
    ['a refused connection', withCode('ECONNREFUSED'), 'EXCHANGE_CONNECTION_FAILED', 'retry'],
    [
      'a refused connection below',
      new Error('fetch failed', { cause: withCode('ENOTFOUND') }),
      'EXCHANGE_CONNECTION_FAILED',
      'retry',
    ],
    ['a lost answer', withCode('ECONNRESET'), 'EXCHANGE_UNAVAILABLE', 'reconcile'],
    ['a late answer', withCode('UND_ERR_HEADERS_TIMEOUT'), 'EXCHANGE_UNAVAILABLE', 'reconcile'],
    ['a text that is no JSON', new SyntaxError('Unexpected token'), 'EXCHANGE_DATA_UNREADABLE', 'reconcile'],
    [
      'a payload of another shape',
      Object.assign(new Error('bad'), { name: 'ZodError' }),
      'EXCHANGE_DATA_UNREADABLE',
      'reconcile',
    ],
    ['another code', withCode('EWHATEVER'), 'INVARIANT_BROKEN', 'halt'],
    ['an error', new Error('odd'), 'INVARIANT_BROKEN', 'halt'],
    ['what is no error', 'odd', 'INVARIANT_BROKEN', 'halt'],
  ])('sorts %s', (_, error, code, recovery) => {
    const exception = toCexArbitrageException(error, { doing })
    expect(exception).toMatchObject({ code, recovery, cause: error })
    expect(exception.message).toContain(doing)
  })

  it('hands on what the caller knows', () => {
    const context = { correlationId: asCorrelationId('c'), exchange: createExchangeId('test'), timestamp: 3 }
    expect(toCexArbitrageException(new Error('odd'), { doing, ...context })).toMatchObject(context)
  })

  it('does not follow causes for ever', () => {
    const error = new Error('loop')
    error.cause = error
    expect(toCexArbitrageException(error, { doing }).code).toBe('INVARIANT_BROKEN')
  })
})
