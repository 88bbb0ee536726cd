// Takes away one guard after the other, in a copy of the tree, and demands that the test named for it fails.
// `npm run mutation -- S2 S4a` runs those whose id begins so.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mutations } from './mutations.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const leftOut = new Set(['node_modules', 'dist', 'coverage', '.git', '.nx'])
const timeoutMs = 180_000

/** @typedef {import('./mutations.mjs').Mutation} Mutation */

/** The sources, with dependencies linked to those of this checkout and packages to those of the copy. */
function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), 'cex-arbitrage-mutation-'))
  for (const name of ['packages', 'apps', 'tools', 'package.json', 'tsconfig.base.json', 'vitest.config.ts'])
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (source) => !leftOut.has(basename(source)),
    })
  const modules = join(copy, 'node_modules')
  mkdirSync(join(modules, '@cex-arbitrage'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@cex-arbitrage' && !name.startsWith('.'))
      symlinkSync(join(root, 'node_modules', name), join(modules, name))
  for (const group of ['packages', 'apps'])
    for (const name of readdirSync(join(copy, group)))
      symlinkSync(join(copy, group, name), join(modules, '@cex-arbitrage', name))
  return copy
}

/**
 * @param {string} copy
 * @param {Mutation['test']} test
 */
function runTest(copy, { file, name }) {
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', file, '-t', pattern, '--reporter=json', '--no-color']
  const { stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', timeout: timeoutMs })
  const json = stdout.slice(stdout.indexOf('{"numTotalTestSuites"'))
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(json.split('\n')[0] ?? '')
    return { passed: numPassedTests, failed: numFailedTests }
  } catch {
    return undefined
  }
}

/**
 * @param {string} copy
 * @param {Mutation} mutation
 * @returns {string | undefined} What is wrong; nothing when the guard is held.
 */
function tryMutation(copy, { file, search, replace, test }) {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  const places = text.split(search).length - 1
  if (places !== 1) return `the guard is found ${places} times in ${file}; describe it anew`
  const whole = runTest(copy, test)
  if (whole === undefined || whole.passed === 0 || whole.failed > 0)
    return `the test does not pass with the guard in place: ${test.file}`
  writeFileSync(
    path,
    text.replace(search, () => replace),
  )
  try {
    const without = runTest(copy, test)
    // A run that does not come to an end is no proof, but a suite that breaks down is a failure that shows.
    if (without === undefined) return `the test did not end without the guard: ${test.file}`
    return without.failed > 0 ? undefined : `the test passes without the guard: ${test.file}: ${test.name}`
  } finally {
    writeFileSync(path, text)
  }
}

const wanted = process.argv.slice(2)
const chosen = mutations.filter(({ id }) => wanted.length === 0 || wanted.some((prefix) => id.startsWith(prefix)))
const copy = copyTree()
let survivors = 0
try {
  for (const mutation of chosen) {
    const problem = tryMutation(copy, mutation)
    if (problem !== undefined) survivors++
    console.log(
      `${problem === undefined ? 'held    ' : 'NOT HELD'} ${mutation.id.padEnd(5)} ${mutation.guard}${problem === undefined ? '' : `\n         ${problem}`}`,
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(`${chosen.length - survivors} of ${chosen.length} guards are held by their tests`)
process.exitCode = survivors > 0 || chosen.length === 0 ? 1 : 0
