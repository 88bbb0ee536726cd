import { createHash } from 'node:crypto'
import { naiveRuleNames, type NaiveRuleName } from '../naive/naive-rules.js'
import type { Violation } from '../oracle/judge-engine.js'
import type { NaiveJudgement } from '../oracle/judge-naive.js'
import type { SeedResult } from './run-seed.js'
import type { BookJudgement } from './simulate-lenient-book.js'

/** What all seeds together came to. */
export interface Summary {
  readonly seeds: number
  readonly stranded: number
  readonly doubleSends: number
  readonly orphans: number
  readonly ledgerMismatches: number
  readonly wrongBooks: number
  readonly crashes: number
  readonly trades: number
  readonly ends: Readonly<Record<string, number>>
  readonly kills: number
  /** SHA-256 over the journals of all seeds in order. */
  readonly hash: string
  readonly naive: Readonly<Record<NaiveRuleName, NaiveJudgement>> & { readonly anyNewerDelta: BookJudgement }
}

/** @param results - In order of their seeds. */
export function summarise(results: readonly SeedResult[]): Summary {
  const count = (violation: Violation): number =>
    results.reduce(
      (sum, { engine }) => sum + engine.findings.filter((finding) => finding.violation === violation).length,
      0,
    )
  const hash = createHash('sha256')
  const ends: Record<string, number> = {}
  for (const { seed, engine } of results) {
    hash.update(`${seed} ${engine.hash}\n`)
    for (const [end, times] of Object.entries(engine.ends)) ends[end] = (ends[end] ?? 0) + times
  }
  const total = (pick: (result: SeedResult) => number | undefined): number =>
    results.reduce((sum, result) => sum + (pick(result) ?? 0), 0)
  const naive = Object.fromEntries(
    naiveRuleNames.map((name) => [
      name,
      {
        trades: total((result) => result.naive[name]?.trades),
        stranded: total((result) => result.naive[name]?.stranded),
        doubleSends: total((result) => result.naive[name]?.doubleSends),
      },
    ]),
  ) as Record<NaiveRuleName, NaiveJudgement>
  return {
    seeds: results.length,
    stranded: count('stranded'),
    doubleSends: count('double_send'),
    orphans: count('orphan'),
    ledgerMismatches: count('ledger_mismatch'),
    wrongBooks: count('wrong_book'),
    crashes: count('crash'),
    trades: total(({ engine }) => engine.trades),
    ends,
    kills: total(({ engine }) => engine.processes - 1),
    hash: hash.digest('hex'),
    naive: {
      ...naive,
      anyNewerDelta: {
        samples: total(({ lenientBook }) => lenientBook?.samples),
        wrong: total(({ lenientBook }) => lenientBook?.wrong),
      },
    },
  }
}
