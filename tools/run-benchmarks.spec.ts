import { describe, expect, it } from 'vitest'
import { formatNs, isMissed, renderTable } from './run-benchmarks.mjs'

describe('the table of benchmarks', () => {
  it('shows medians, ratios and goals', () => {
    const rows = [
      { name: 'reference', medianNs: 1_500_000 },
      { name: 'ours', medianNs: 12.34, ratio: 3, goal: 1.5 },
      { name: 'slow', medianNs: 1234, ratio: 1.2, goal: 1.5, note: 'noisy' },
    ]
    const lines = renderTable([{ file: 'a.bench.mjs', title: 'a thing', rows }]).split('\n')
    expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual([
      '',
      'a thing',
      ' reference 1.50 ms',
      ' ours 12.3 ns 3.00x goal 1.5x reached',
      ' slow 1.23 us 1.20x goal 1.5x missed noisy',
    ])
  })

  it('counts a goal without a ratio as missed', () => {
    expect(isMissed({ name: 'a', medianNs: 1, goal: 2 })).toBe(true)
    expect(isMissed({ name: 'a', medianNs: 1 })).toBe(false)
    expect(formatNs(999)).toBe('999.0 ns')
  })
})
