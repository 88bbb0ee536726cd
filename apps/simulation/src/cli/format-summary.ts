import { naiveRuleNames, type NaiveRuleName } from '../naive/naive-rules.js'
import type { SeedResult } from '../run/run-seed.js'
import type { Summary } from '../run/summarise.js'
import { formatSchedule, type Schedule } from '../schedule/schedule.js'

const names: Readonly<Record<NaiveRuleName, string>> = {
  marketWithRetries: 'market legs, three retries',
  gather: 'gather, no leg handling',
  timeoutMeansRejected: 'timeout means rejected',
}

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`)

/** The result for people: this engine beside the naive rules. */
export function formatSummary(summary: Summary): string {
  const rows = [
    ['rule', 'trades', 'stranded', 'rate', 'double sends'],
    [
      'this engine',
      String(summary.trades),
      String(summary.stranded),
      percent(summary.stranded, summary.trades),
      String(summary.doubleSends),
    ],
    ...naiveRuleNames.map((name) => {
      const { trades, stranded, doubleSends } = summary.naive[name]
      return [names[name], String(trades), String(stranded), percent(stranded, trades), String(doubleSends)]
    }),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const table = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  )
  const { samples, wrong } = summary.naive.anyNewerDelta
  const ends = Object.entries(summary.ends).map(([end, times]) => `${times} ${end}`)
  return [
    `${summary.seeds} seeds, ${summary.kills} restarts, trades: ${ends.join(', ')}`,
    '',
    ...table,
    '',
    `orphans after a restart or the end: ${summary.orphans}`,
    `ledger differs from the venues:     ${summary.ledgerMismatches}`,
    `runs that broke down:               ${summary.crashes}`,
    `quoted from a wrong book:           ${summary.wrongBooks}; by the rule "any newer delta" ${wrong} of ${samples} looks, ${percent(wrong, samples)}`,
    `journal hash: ${summary.hash}`,
  ].join('\n')
}

/** The last line of `--json`. */
export function toJsonLine(summary: Summary): string {
  const { seeds, stranded, doubleSends, orphans, ledgerMismatches, hash, naive, wrongBooks, crashes } = summary
  return JSON.stringify({ seeds, stranded, doubleSends, orphans, ledgerMismatches, hash, naive, wrongBooks, crashes })
}

const countParts = ({ faults, killAtWrites, wallJump, diskFullAtWrite }: Schedule): number =>
  faults.length + killAtWrites.length + (wallJump === undefined ? 0 : 1) + (diskFullAtWrite === undefined ? 0 : 1)

/** A seed that failed: what happened, and how to see it again, also when schedules are drawn otherwise by then. */
export function formatFailure({ seed, engine, schedule }: SeedResult, shortest: Schedule): string {
  const found = engine.findings.map(({ violation, detail }) => `  ${violation}: ${detail}`)
  const again = (its: Schedule): string =>
    `npm run --silent sim -- --no-naive --seed ${seed} --schedule '${formatSchedule(its)}'`
  return [
    `seed ${seed} failed:`,
    ...found,
    `  again:  ${again(schedule)}`,
    `  shrunk (${countParts(schedule)} to ${countParts(shortest)}): ${again(shortest)}`,
  ].join('\n')
}
