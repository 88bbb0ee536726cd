// Turns imports by a package's name into imports of its files, for code that moves into that package.
import { posix } from 'node:path'

/** @typedef {import('./tree.mjs').Tree} Tree */

const reExport = /export\s*\{([^}]*)\}\s*from\s*'([^']+)'/g
const namedImport = /import\s+(type\s+)?\{([^}]*)\}\s*from\s*'([^']+)'/g

/** @param {string} list Between the braces. @returns {{ readonly name: string, readonly isType: boolean }[]} */
const specifiersOf = (list) =>
  list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => ({ name: each.replace(/^type\s+/, ''), isType: /^type\s/.test(each) }))

/**
 * The file of each name that an entry of a package hands out.
 *
 * @param {Tree} tree
 * @param {string} entry `packages/exchanges/src/index.ts`.
 * @returns {ReadonlyMap<string, string>}
 */
export function readPublicNames(tree, entry) {
  const text = tree.read(entry, 'utf8') ?? ''
  return new Map(
    [...text.matchAll(reExport)].flatMap(([, list = '', path = '']) =>
      specifiersOf(list).map(({ name }) => /** @type {const} */ ([name, posix.join(posix.dirname(entry), path)])),
    ),
  )
}

/**
 * @param {string} text
 * @param {string} folder Where the text will be.
 * @param {Readonly<Record<string, ReadonlyMap<string, string>>>} entries Files of the names, by what is written behind `from`.
 * @throws {Error} An entry does not hand out what is imported.
 */
export function importFiles(text, folder, entries) {
  return text.replaceAll(namedImport, (statement, type, list, from) => {
    const files = entries[from]
    if (files === undefined) return statement
    /** @type {Map<string, { readonly name: string, readonly isType: boolean }[]>} */
    const byFile = new Map()
    for (const { name, isType } of specifiersOf(list)) {
      const file = files.get(name)
      if (file === undefined) throw new Error(`${from} hands out no ${name}.`)
      byFile.set(file, [...(byFile.get(file) ?? []), { name, isType: isType || type !== undefined }])
    }
    return [...byFile]
      .map(([file, specifiers]) => {
        const path = posix.relative(folder, file)
        const areTypes = specifiers.every(({ isType }) => isType)
        const names = specifiers.map(({ name, isType }) => (isType && !areTypes ? `type ${name}` : name))
        return `import ${areTypes ? 'type ' : ''}{ ${names.join(', ')} } from '${path.startsWith('.') ? path : `./${path}`}'`
      })
      .join('\n')
  })
}
