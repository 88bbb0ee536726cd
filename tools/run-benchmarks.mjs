// Builds, then runs every tools/benchmarks/*.bench.mjs in a process of its own, one after the other, and prints one table.
// A bench is a module with `export const title` and `export async function run()`, which resolves to rows:
//   { name, medianNs, ratio?, goal?, note? }   ratio: how many times the reference; goal: least ratio that passes.
// --json prints the rows as JSON alone; --only=<text> picks benches by file name; --no-build leaves dist as it is.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} BenchRow
 * @property {string} name
 * @property {number} medianNs
 * @property {number} [ratio]
 * @property {number} [goal]
 * @property {string} [note]
 */
/** @typedef {{ file: string, title: string, rows: BenchRow[] }} BenchResult */

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = new URL('benchmarks/', import.meta.url)

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
      return `  ${row.name.padEnd(52)} ${formatNs(row.medianNs).padStart(11)} ${ratio.padStart(10)}  ${goal}  ${row.note ?? ''}`.trimEnd()
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

/** @param {string[]} words */
function main(words) {
  const only = words.find((word) => word.startsWith('--only='))?.slice('--only='.length) ?? ''
  if (!words.includes('--no-build')) {
    const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
    const build = spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: ['ignore', 2, 2] })
    if (build.status !== 0) return build.status ?? 1
  }
  const files = readdirSync(folder).filter((name) => name.endsWith('.bench.mjs') && name.includes(only))
  const results = files.toSorted().map(runBench)
  const { version, arch, platform } = process
  console.log(
    words.includes('--json')
      ? JSON.stringify({ node: version, platform, arch, results }, null, 2)
      : `Node ${version} on ${platform}-${arch}; medians${renderTable(results)}`,
  )
  return results.some(({ rows }) => rows.some(isMissed)) ? 1 : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2))
