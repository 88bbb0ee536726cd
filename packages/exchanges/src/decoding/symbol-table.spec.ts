import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { SymbolTable } from './symbol-table.js'

const find = (table: SymbolTable, text: string): number => {
  const bytes = Buffer.from(`"${text}"`)
  return table.find(bytes, 1, bytes.length - 1)
}

describe('SymbolTable', () => {
  it('finds what was added, from bytes in the middle of a frame', () => {
    const table = new SymbolTable()
    expect(table.add('BTC_USDT')).toBe(0)
    expect(table.add('币安人生_USDT')).toBe(1)
    expect(table.add('BTC_USDT')).toBe(0)
    expect(find(table, 'BTC_USDT')).toBe(0)
    expect(find(table, '币安人生_USDT')).toBe(1)
    expect(find(table, 'BTC_USD')).toBe(-1)
    expect(find(table, 'BTC_USDTX')).toBe(-1)
    expect(table.size).toBe(2)
  })

  it('keeps every index while it grows', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }), { maxLength: 200 }),
        (names) => {
          const table = new SymbolTable()
          const indices = names.map((name) => table.add(name))
          expect(indices).toEqual(names.map((_, index) => index))
          expect(names.map((name) => find(table, name))).toEqual(indices)
        },
      ),
      { numRuns: 50 },
    )
  })
})
