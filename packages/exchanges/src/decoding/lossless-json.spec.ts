import { describe, expect, it } from 'vitest'
import { parseJson } from './lossless-json.js'

describe('parseJson', () => {
  it('keeps integers beyond 2^53 as text, digit for digit', () => {
    expect(parseJson('{"id":36028813724316572,"left":[-9007199254740993,1]}')).toEqual({
      id: '36028813724316572',
      left: ['-9007199254740993', 1],
    })
  })

  it('leaves texts, short numbers and fractions alone', () => {
    const text =
      '{"a":"x: 36028813724316572, \\" ,12345678901234567","b":1.1234567890123456789,"c":12,"d":12345678901234567}'
    expect(parseJson(text)).toEqual({
      a: 'x: 36028813724316572, " ,12345678901234567',
      b: 1.1234567890123457,
      c: 12,
      d: '12345678901234567',
    })
  })

  it('refuses what is no JSON', () => {
    expect(() => parseJson('<html>')).toThrow(SyntaxError)
  })
})
