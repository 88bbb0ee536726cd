// Lays down a strategy under a new name: one that works, so that every step begins from something that runs.
import { readFileSync, readdirSync } from 'node:fs'
import { readNames, rename } from '../support/names.mjs'
import { addPublicName, editFile, formatAfterwards } from '../support/tree.mjs'

/** @typedef {import('../support/tree.mjs').Tree} Tree */

const files = new URL('files/', import.meta.url)
const suffix = '.template'
/** The one word that is replaced. */
const word = 'model'
const folder = 'packages/trading/src'

/**
 * @param {Tree} tree
 * @param {{ readonly name: string }} options
 * @returns {() => void}
 * @throws {Error} The name is none, or taken.
 */
export function generateStrategy(tree, { name }) {
  const names = readNames(name)
  const path = `${folder}/strategies/${name}.ts`
  if (tree.exists(path)) throw new Error(`${path} is there already.`)
  for (const file of readdirSync(files)) {
    const text = readFileSync(new URL(file, files), 'utf8')
    tree.write(`${folder}/strategies/${rename(file.slice(0, -suffix.length), word, names)}`, rename(text, word, names))
  }
  const { pascal } = names
  editFile(
    tree,
    `${folder}/index.ts`,
    (text) => `${text}export { type ${pascal}Options } from './strategies/${name}-options.js'
export { ${pascal}Strategy, type ${pascal}Dependencies } from './strategies/${name}.js'
`,
  )
  addPublicName(tree, `${folder}/index.spec.ts`, `${pascal}Strategy`)
  return formatAfterwards(tree)
}
