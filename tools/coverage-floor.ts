import { relative, sep } from 'node:path'
import type { Reporter } from 'vitest/node'

interface Counts {
  readonly total: number
  readonly covered: number
}
interface PackageCounts {
  readonly statements: Counts
  readonly branches: Counts
}
/** The part of an istanbul coverage map that is used here. */
interface CoverageMap {
  files(): string[]
  fileCoverageFor(file: string): { toSummary(): PackageCounts }
}

const floorPercent = 85
const nothing: Counts = { total: 0, covered: 0 }

/**
 * Prints the coverage of each package and fails the run when any one has less than 85 % of its statements or branches
 * covered. Packages none of whose specs ran are left out, so that one package can be tested alone.
 */
export default class CoverageFloor implements Reporter {
  onCoverage(coverage: unknown): void {
    for (const [name, { statements, branches }] of countByPackage(coverage as CoverageMap)) {
      if (statements.covered === 0) continue
      const short = percent(statements) < floorPercent || percent(branches) < floorPercent
      const figures = `statements ${percent(statements).toFixed(1)} %, branches ${percent(branches).toFixed(1)} %`
      console.log(`coverage of ${name}: ${figures}${short ? `, below the floor of ${floorPercent} %` : ''}`)
      if (short) process.exitCode = 1
    }
  }
}

function countByPackage(coverage: CoverageMap): Map<string, PackageCounts> {
  const packages = new Map<string, PackageCounts>()
  for (const file of coverage.files()) {
    const name = relative(process.cwd(), file).split(sep).slice(0, 2).join('/')
    const before = packages.get(name) ?? { statements: nothing, branches: nothing }
    const summary = coverage.fileCoverageFor(file).toSummary()
    packages.set(name, {
      statements: add(before.statements, summary.statements),
      branches: add(before.branches, summary.branches),
    })
  }
  return packages
}

const add = (a: Counts, b: Counts): Counts => ({ total: a.total + b.total, covered: a.covered + b.covered })
const percent = (counts: Counts): number => (counts.total === 0 ? 100 : (100 * counts.covered) / counts.total)
