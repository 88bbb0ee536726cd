/**
 * What a generator sees of the workspace; nx hands it in and writes what has changed.
 *
 * @typedef {object} Tree
 * @property {string} root
 * @property {(path: string, encoding: 'utf8') => string | null} read
 * @property {(path: string, content: string) => void} write
 * @property {(path: string) => boolean} exists
 * @property {(folder: string) => string[]} children
 * @property {() => { readonly path: string, readonly type: string }[]} listChanges
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/**
 * @param {Tree} tree
 * @param {string} path
 * @returns {string}
 * @throws {Error} There is no such file.
 */
export function readFile(tree, path) {
  const text = tree.read(path, 'utf8')
  if (text === null) throw new Error(`${path} is missing.`)
  return text
}

/**
 * @param {Tree} tree
 * @param {string} path
 * @param {(text: string) => string} change
 * @throws {Error} There is no such file, or nothing of it changes: it is not as it was expected.
 */
export function editFile(tree, path, change) {
  const text = readFile(tree, path)
  const changed = change(text)
  if (changed === text) throw new Error(`${path} is not as expected; add what is missing by hand.`)
  tree.write(path, changed)
}

/**
 * Adds a name to the list of a package's public names, which is sorted.
 *
 * @param {Tree} tree
 * @param {string} path Of the spec that holds the list.
 * @param {string} name
 */
export function addPublicName(tree, path, name) {
  editFile(tree, path, (text) => {
    const lines = text.split('\n')
    const isEntry = (/** @type {string} */ line) => /^\s+['"][A-Za-z]\w*['"],$/.test(line)
    const first = lines.findIndex(isEntry)
    if (first < 0) return text
    const [, indent = '', quote = "'"] = /^(\s+)(['"])/.exec(lines[first] ?? '') ?? []
    const wordOf = (/** @type {string} */ line) => line.replace(/\W/g, '')
    const later = lines.findIndex((line, index) => index >= first && (!isEntry(line) || wordOf(line) > name))
    lines.splice(later, 0, `${indent}${quote}${name}${quote},`)
    return lines.join('\n')
  })
}

/**
 * Formats what was written, once it is on the disk.
 *
 * @param {Tree} tree
 * @returns {() => void}
 */
export function formatAfterwards(tree) {
  const paths = tree.listChanges().map(({ path }) => path)
  return () => {
    execFileSync(join(tree.root, 'node_modules/.bin/oxfmt'), paths, { cwd: tree.root, stdio: 'ignore' })
  }
}
