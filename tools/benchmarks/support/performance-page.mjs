// docs/performance.md, out of what benches have saved.

/** @typedef {import('../../run-benchmarks.mjs').BenchRow} BenchRow */
/** @typedef {import('./goals.mjs').Goal} Goal */
/** @typedef {{ savedAt: string, machine: string, file: string, title: string, rows: BenchRow[] }} SavedBench */

const intro = `# Performance

How the engine compares with what else one could use, and with what cannot be undercut. The numbers are ratios within one run:
every contender takes part in every round, in turn, after at least 20,000 messages of warm-up, and the median over the rounds
counts. Times are CPU time of the process where not said otherwise. Absolute times move by a factor of two from one shared machine
to the next, ratios by 10 to 25 %; of a machine that others load heavily, by more. Percentiles beyond the 90th measure the machine.

\`npm run bench\` runs every bench, \`npm run bench -- --only=gateio-book\` one of them; with \`--save\` the raw numbers go to
\`tools/benchmarks/results\` and this page is written anew. What a bench does stands at the head of its file in
[tools/benchmarks](../tools/benchmarks).
`

const outro = `
A floor leaves room for the noise of shared machines. Frames are synthetic in the real shape; a real market at rest sends
mostly frames of 1 to 4 levels. What is not measured here: latency over a network, and anything of the exchanges.
`

/**
 * @param {readonly Goal[]} goals
 * @param {readonly SavedBench[]} saved
 * @returns {string}
 */
export function renderPerformancePage(goals, saved) {
  const rows = new Map(saved.flatMap(({ rows: each }) => each.map((row) => [row.goalId, row])))
  const table = goals.map((goal) => {
    const row = rows.get(goal.id)
    const verdict = row === undefined ? '' : (row.ratio ?? 0) >= (row.goal ?? 0) ? 'reached' : '**missed**'
    return `| ${goal.id.split('-')[0]} | ${goal.text} | ${goal.floor} | ${measured(goal, row)} | ${verdict} | \`${goal.bench}\` |`
  })
  const machines = saved.map(({ file, savedAt, machine }) => `| \`${benchName(file)}\` | ${savedAt} | ${machine} |`)
  return [
    intro,
    '| # | Goal | Floor | Measured | | Bench |\n| --- | --- | --- | --- | --- | --- |',
    ...table,
    outro,
    '## On what machine\n\n| Bench | Saved | Machine |\n| --- | --- | --- |',
    ...machines,
    '',
  ].join('\n')
}

export const benchName = (file) => file.replace(/\.bench\.mjs$/, '')

/** @param {Goal} goal @param {BenchRow | undefined} row */
function measured({ factor }, row) {
  if (row?.ratio === undefined) return 'not saved'
  if (factor === undefined) return `${row.ratio.toFixed(1)}x`
  return row.note?.replace(/^it takes (.*) times .*$/, '$1x') ?? (factor / row.ratio).toFixed(2)
}
