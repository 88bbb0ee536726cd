// Builds, then runs every tools/benchmarks/*.bench.mjs in a process of its own, one after the other, and prints one table.
// A bench is a module with `export const title` and `export async function run()`, which resolves to rows:
//   { name, medianNs?, ratio?, goal?, goalId?, note? }
// ratio: how many times the reference; goal: least ratio that passes; goalId: which of benchmarks/support/goals.mjs it measures.
// --json prints the rows as JSON alone; --only=<text> picks benches by file name; --no-build leaves dist as it is; --save keeps
// the rows in benchmarks/results and writes docs/performance.md.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { goals } from './benchmarks/support/goals.mjs'
import { benchName, renderPerformancePage } from './benchmarks/support/performance-page.mjs'

/**
 * @typedef {object} BenchRow
 * @property {string} name
 * @property {number} [medianNs]
 * @property {number} [ratio]
 * @property {number} [goal]
 * @property {string} [goalId]
 * @property {string} [note]
 */
/** @typedef {{ file: string, title: string, rows: BenchRow[] }} BenchResult */

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = new URL('benchmarks/', import.meta.url)
const results = new URL('results/', folder)
const page = new URL('../docs/performance.md', import.meta.url)

/**
 * @param {number} ns
 * @returns {string}
 */
export function formatNs(ns) {
  if (ns < 1000) return `${ns.toFixed(1)} ns`
  return ns < 1e6 ? `${(ns / 1000).toFixed(2)} us` : `${(ns / 1e6).toFixed(2)} ms`
}

/** @param {BenchRow} row */
export const isMissed = (row) => row.goal !== undefined && (row.ratio ?? 0) < row.goal

/**
 * The results as a table for people.
 *
 * @param {BenchResult[]} results
 * @returns {string}
 */
export function renderTable(results) {
  const lines = results.flatMap(({ title, rows }) => [
    '',
    title,
    ...rows.map((row) => {
      const ratio = row.ratio === undefined ? '' : `${row.ratio.toFixed(2)}x`
      const goal = row.goal === undefined ? '' : `goal ${row.goal}x ${isMissed(row) ? 'missed' : 'reached'}`
      const time = row.medianNs === undefined ? '' : formatNs(row.medianNs)
      return `  ${row.name.padEnd(52)} ${time.padStart(11)} ${ratio.padStart(10)}  ${goal}  ${row.note ?? ''}`.trimEnd()
    }),
  ])
  return lines.join('\n')
}

/**
 * @param {string} file
 * @returns {BenchResult}
 */
function runBench(file) {
  const code = `const bench = await import(${JSON.stringify(new URL(file, folder).href)})
const rows = await bench.run()
process.stdout.write('\\n' + JSON.stringify({ title: bench.title, rows }) + '\\n', () => process.exit(0))`
  const child = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', code], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  })
  if (child.status !== 0) throw new Error(`${file} ended with ${child.status ?? child.signal}`)
  const { title, rows } = JSON.parse(child.stdout.trimEnd().split('\n').at(-1) ?? '')
  return { file, title, rows }
}

/** @returns {import('./benchmarks/support/performance-page.mjs').SavedBench[]} */
export function readSaved() {
  const files = readdirSync(results).filter((name) => name.endsWith('.json'))
  return files.toSorted().map((name) => JSON.parse(readFileSync(new URL(name, results), 'utf8')))
}

/** @param {BenchResult[]} run */
function save(run) {
  const model = cpus()[0]?.model ?? 'unknown'
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const machine = `${cpus().length} × ${model.trim()}, ${memory}, Node ${process.version}, ${process.platform}-${process.arch}`
  const savedAt = new Date().toISOString().slice(0, 10)
  for (const each of run) {
    const text = JSON.stringify({ savedAt, machine, ...each }, null, 2)
    writeFileSync(new URL(`${benchName(each.file)}.json`, results), `${text}\n`)
  }
  writeFileSync(page, renderPerformancePage(goals, readSaved()))
  const formatter = fileURLToPath(new URL('../node_modules/.bin/oxfmt', import.meta.url))
  spawnSync(formatter, [fileURLToPath(page), fileURLToPath(results)], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** @param {string[]} words */
function main(words) {
  const only = words.find((word) => word.startsWith('--only='))?.slice('--only='.length) ?? ''
  if (!words.includes('--no-build')) {
    const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
    const build = spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: ['ignore', 2, 2] })
    if (build.status !== 0) return build.status ?? 1
  }
  const files = readdirSync(folder).filter((name) => name.endsWith('.bench.mjs') && name.includes(only))
  const run = files.toSorted().map(runBench)
  if (words.includes('--save')) save(run)
  const { version, arch, platform } = process
  console.log(
    words.includes('--json')
      ? JSON.stringify({ node: version, platform, arch, results: run }, null, 2)
      : `Node ${version} on ${platform}-${arch}; medians${renderTable(run)}`,
  )
  return run.some(({ rows }) => rows.some(isMissed)) ? 1 : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2))
