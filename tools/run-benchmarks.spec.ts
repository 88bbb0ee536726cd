import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { goals } from './benchmarks/support/goals.mjs'
import { renderPerformancePage } from './benchmarks/support/performance-page.mjs'
import { formatNs, isMissed, readSaved, renderTable, type BenchRow } from './run-benchmarks.mjs'

describe('the table of benchmarks', () => {
  it('shows medians, ratios and goals', () => {
    const rows = [
      { name: 'reference', medianNs: 1_500_000 },
      { name: 'ours', medianNs: 12.34, ratio: 3, goal: 1.5 },
      { name: 'memory', ratio: 3 },
      { name: 'slow', medianNs: 1234, ratio: 1.2, goal: 1.5, note: 'noisy' },
    ]
    const lines = renderTable([{ file: 'a.bench.mjs', title: 'a thing', rows }]).split('\n')
    expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual([
      '',
      'a thing',
      ' reference 1.50 ms',
      ' ours 12.3 ns 3.00x goal 1.5x reached',
      ' memory 3.00x',
      ' slow 1.23 us 1.20x goal 1.5x missed noisy',
    ])
  })

  it('counts a goal without a ratio as missed', () => {
    expect(isMissed({ name: 'a', medianNs: 1, goal: 2 })).toBe(true)
    expect(isMissed({ name: 'a', medianNs: 1 })).toBe(false)
    expect(formatNs(999)).toBe('999.0 ns')
  })
})

describe('the page of performance', () => {
  /** As formatting leaves it. */
  const bare = (text: string): string => text.replace(/-{3,}/g, '---').replace(/\s+/g, ' ')
  const pageOf = (rows: BenchRow[]): string =>
    renderPerformancePage(goals, [{ savedAt: '2026-11-24', machine: 'm', file: 'a.bench.mjs', title: 'a', rows }])

  it('says what was saved last', () => {
    const page = readFileSync(new URL('../docs/performance.md', import.meta.url), 'utf8')
    expect(bare(page)).toBe(bare(renderPerformancePage(goals, readSaved())))
  })

  it('names a bench that exists for every goal, and a goal for every row that claims one', () => {
    const benches = readdirSync(new URL('benchmarks', import.meta.url))
    for (const { bench } of goals) expect(benches).toContain(`${bench}.bench.mjs`)
    const ids = goals.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const row of readSaved().flatMap(({ rows }) => rows))
      if (row.goalId !== undefined) expect(ids).toContain(row.goalId)
  })

  it('tells what is reached, what is missed, and what nobody has measured', () => {
    const page = pageOf([
      { name: 'one', ratio: 9.04, goal: 8, goalId: '1' },
      { name: 'two', ratio: 11, goal: 12, goalId: '2' },
      { name: 'three', ratio: 0.84, goal: 1, goalId: '9-small', note: 'it takes 1.54 times what ws takes' },
      { name: 'four', ratio: 2, goal: 1, goalId: '7-mexc' },
    ])
    expect(page).toContain('| 8x | 9.0x | reached |')
    expect(page).toContain('| 12x | 11.0x | **missed** |')
    expect(page).toContain('| at most 1.3x | 1.54x | **missed** |')
    expect(page).toContain('| at most 128 | 64.00 | reached |')
    expect(page).toContain('| 9x | not saved |  | `tick-to-trade` |')
  })
})
