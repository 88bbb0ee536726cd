import { describe, expect, it } from 'vitest'
import { parseRetryAfterMs } from './retry-after.js'

describe('parseRetryAfterMs', () => {
  it.each([
    ['120', 120_000],
    ['1.5', 1_500],
    ['0', 0],
    ['-3', 0],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 50_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseRetryAfterMs({ 'retry-after': text }, 10_000)).toBe(expected)
  })

  it('says nothing where there is no header', () => {
    expect(parseRetryAfterMs({}, 0)).toBeUndefined()
  })
})
