// Reads the packages of the workspace and the imports of their files. No compiler: a check must run in a moment.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

/**
 * @typedef {object} WorkspacePackage
 * @property {string} name
 * @property {string} folder Absolute.
 * @property {string} layer What its `layer:` tag says; '' without one.
 * @property {Record<string, string>} dependencies
 * @property {Record<string, string>} devDependencies
 * @property {string[]} libraryReferences Absolute folders that tsconfig.lib.json refers to.
 * @property {string[]} specReferences Absolute folders that tsconfig.spec.json refers to.
 * @property {SourceFile[]} files
 */

/**
 * @typedef {object} SourceFile
 * @property {string} path Absolute.
 * @property {string} inPackage Relative to the package, with `/`.
 * @property {string} text
 * @property {string[]} imports Specifiers, as written.
 */

const fromClause = /(?:^|[;}\n])\s*(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])([^'"\n]+)\1/g
const bareImport = /(?:^|[;}\n])\s*import\s*(['"])([^'"\n]+)\1/g
const callImport = /\b(?:import|require|vi\.(?:mock|doMock|importActual)(?:<[^>]*>)?)\s*\(\s*(['"])([^'"\n]+)\1/g
const comments = /^[ \t]*\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$/gm

/**
 * Every module that a source text imports: `import`, `import type`, `export from`, `import()`, mocks.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function importsOf(text) {
  const code = text.replace(comments, '')
  return [fromClause, bareImport, callImport].flatMap((form) => [...code.matchAll(form)].map((match) => match[2] ?? ''))
}

/**
 * The packages under `packages/` and `apps/`.
 *
 * @param {string} root
 * @returns {WorkspacePackage[]}
 */
export function readWorkspace(root) {
  return ['packages', 'apps'].flatMap((group) =>
    listFolders(join(root, group))
      .filter((folder) => existsSync(join(folder, 'package.json')))
      .map(readPackage),
  )
}

/**
 * Direct subfolders, absolute; none where the folder does not exist.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function listFolders(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
}

/**
 * @param {string} folder
 * @returns {WorkspacePackage}
 */
function readPackage(folder) {
  const manifest = readJson(join(folder, 'package.json'))
  const tag = (manifest.nx?.tags ?? []).find((/** @type {string} */ name) => name.startsWith('layer:')) ?? 'layer:'
  return {
    name: manifest.name,
    folder,
    layer: tag.slice('layer:'.length),
    dependencies: { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies },
    devDependencies: manifest.devDependencies ?? {},
    libraryReferences: readReferences(folder, 'tsconfig.lib.json'),
    specReferences: readReferences(folder, 'tsconfig.spec.json'),
    files: readSources(folder),
  }
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string[]}
 */
function readReferences(folder, name) {
  const file = join(folder, name)
  if (!existsSync(file)) return []
  const references = /** @type {{ path: string }[]} */ (readJson(file).references ?? [])
  return references
    .map((reference) => resolve(folder, reference.path))
    .map((path) => (path.endsWith('.json') ? dirname(path) : path))
}

/**
 * @param {string} folder
 * @returns {SourceFile[]}
 */
function readSources(folder) {
  const source = join(folder, 'src')
  if (!existsSync(source)) return []
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?tsx?$/.test(name))
    .map((name) => {
      const path = join(source, name)
      const text = readFileSync(path, 'utf8')
      return { path, inPackage: relative(folder, path).split(sep).join('/'), text, imports: importsOf(text) }
    })
}

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))
