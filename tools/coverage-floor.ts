import { existsSync, readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import type { Reporter } from 'vitest/node'

interface Counts {
  readonly total: number
  readonly covered: number
}
interface FileSummary {
  readonly statements: Counts
  readonly branches: Counts
}

const floorPercent = 85
const summaryFile = 'coverage/coverage-summary.json'

/** Fails a covered run in which any one package has less than 85 % of its statements or branches covered. */
export default class CoverageFloor implements Reporter {
  onCoverage(): void {
    if (!existsSync(summaryFile)) return
    const summary = JSON.parse(readFileSync(summaryFile, 'utf8')) as Record<string, FileSummary>
    for (const [name, counts] of packageCounts(summary)) {
      const statements = percent(counts.statements)
      const branches = percent(counts.branches)
      const short = statements < floorPercent || branches < floorPercent
      console.log(
        `coverage ${name}: statements ${statements.toFixed(1)} %, branches ${branches.toFixed(1)} %${short ? ` (floor ${floorPercent} %)` : ''}`,
      )
      if (short) process.exitCode = 1
    }
  }
}

function packageCounts(summary: Record<string, FileSummary>): Map<string, { statements: Counts; branches: Counts }> {
  const packages = new Map<string, { statements: Counts; branches: Counts }>()
  for (const [file, counts] of Object.entries(summary)) {
    if (file === 'total') continue
    const name = relative(process.cwd(), file).split(sep).slice(0, 2).join('/')
    const before = packages.get(name) ?? { statements: { total: 0, covered: 0 }, branches: { total: 0, covered: 0 } }
    packages.set(name, {
      statements: add(before.statements, counts.statements),
      branches: add(before.branches, counts.branches),
    })
  }
  return packages
}

const add = (a: Counts, b: Counts): Counts => ({ total: a.total + b.total, covered: a.covered + b.covered })
const percent = (counts: Counts): number => (counts.total === 0 ? 100 : (100 * counts.covered) / counts.total)
