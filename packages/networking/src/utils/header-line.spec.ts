import { describe, expect, it } from 'vitest'
import { parseHeaderLine } from './header-line.js'

describe('parseHeaderLine', () => {
  it('reads name and value, without the blanks around the value', () => {
    expect(parseHeaderLine('Retry-After:\t 7 ')).toEqual({ name: 'retry-after', value: '7' })
    expect(parseHeaderLine('x:')).toEqual({ name: 'x', value: '' })
    expect(parseHeaderLine('x: a:b\xff')).toEqual({ name: 'x', value: 'a:b\xff' })
  })

  it.each(['', ':', ': x', 'no colon', 'a b: c', ' a: b', 'a : b', 'a: b\0', 'a: b\rc: d', 'a: b\nc'])(
    'takes %j for no header',
    (line) => {
      expect(parseHeaderLine(line)).toBeUndefined()
    },
  )

  it('is not held up by a long run of blanks', () => {
    expect(parseHeaderLine(`x: a${' '.repeat(1_000_000)}b`)?.value).toHaveLength(1_000_002)
  })
})
