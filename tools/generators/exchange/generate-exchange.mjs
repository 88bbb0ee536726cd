// Lays down a connector and a local venue under the name of a new exchange: those of examples/exchange-plugin, which work and
// pass the suite, so that every phase begins from something that runs.
import { posix } from 'node:path'
import { readNames, rename } from '../support/names.mjs'
import { importFiles, readPublicNames } from '../support/public-names.mjs'
import { addPublicName, editFile, formatAfterwards, readFile } from '../support/tree.mjs'
import { createReadme } from './readme.mjs'

/** @typedef {import('../support/tree.mjs').Tree} Tree */

const model = 'examples/exchange-plugin'
/** The one word that is replaced. */
const word = 'sample'
const exchanges = 'packages/exchanges'
const simulator = 'packages/simulator'

/**
 * @param {Tree} tree
 * @param {{ readonly name: string }} options
 * @returns {() => void}
 * @throws {Error} The name is none, or taken.
 */
export function generateExchange(tree, { name }) {
  const names = readNames(name)
  const connector = `${exchanges}/src/implementations/${name}`
  const venue = `${simulator}/src/venues/${name}`
  for (const folder of [connector, venue]) if (tree.exists(folder)) throw new Error(`${folder} is there already.`)

  const entries = {
    '@cex-arbitrage/exchanges': readPublicNames(tree, `${exchanges}/src/index.ts`),
    '@cex-arbitrage/exchanges/conformance': readPublicNames(tree, `${exchanges}/src/conformance/index.ts`),
    '@cex-arbitrage/exchanges/testing': readPublicNames(tree, `${exchanges}/src/testing/index.ts`),
    '@cex-arbitrage/simulator': readPublicNames(tree, `${simulator}/src/index.ts`),
  }
  const copy = (/** @type {string} */ from, /** @type {string} */ to) => {
    for (const file of tree.children(from)) {
      const text = importFiles(readFile(tree, `${from}/${file}`), to, entries)
      tree.write(`${to}/${rename(file, word, names)}`, rename(text, word, names))
    }
  }
  copy(`${model}/venue`, venue)
  copy(`${model}/src`, connector)
  editFile(tree, `${connector}/conformance.spec.ts`, (text) =>
    text.replace("'../venue/index.js'", "'@cex-arbitrage/simulator'"),
  )
  tree.write(`${connector}/README.md`, createReadme(names))

  const createVenue = `create${names.pascal}Venue`
  editFile(
    tree,
    `${simulator}/src/index.ts`,
    (text) => `${text}export { ${createVenue} } from './venues/${name}/index.js'\n`,
  )
  addPublicName(tree, `${simulator}/src/index.spec.ts`, createVenue)
  editFile(tree, `${exchanges}/package.json`, (text) => withEntry(text, name))
  return formatAfterwards(tree)
}

/** @param {string} text Of the package.json. @param {string} name */
function withEntry(text, name) {
  const manifest = JSON.parse(text)
  const path = posix.join('implementations', name, 'index')
  manifest.exports[`./${name}`] = {
    '@cex-arbitrage/source': `./src/${path}.ts`,
    types: `./dist/${path}.d.ts`,
    default: `./dist/${path}.js`,
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}
