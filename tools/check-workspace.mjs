// Holds what no compiler holds here: the layers, what is declared and referenced, the border between connectors and
// simulators, and the shape of exchange folders. Prints every violation and exits 1 when there is one.
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkExchangeFolders } from './check-exchange-folders.mjs'
import { readWorkspace } from './workspace-model.mjs'

/** @typedef {import('./workspace-model.mjs').WorkspacePackage} WorkspacePackage */
/** @typedef {import('./workspace-model.mjs').SourceFile} SourceFile */

/** A package imports from packages to its left. `simulator` stands apart, on `common` alone. */
const layers = ['common', 'config', 'networking', 'exchanges', 'hummingbot', 'trading', 'storage', 'app']
const apart = 'simulator'
const testEntries = /\/(testing|conformance)$/
const defaultExport = /^\s*export\s+default\b|\bas\s+default\b/m

/** @param {string} path */
const isSpec = (path) => /\.(spec|bench)\.[cm]?tsx?$/.test(path)
/** @param {string} path */
const isTestCode = (path) => isSpec(path) || /\/(testing|conformance)\//.test(path)

/**
 * Everything in the workspace that breaks its rules, one sentence each.
 *
 * @param {string} root Absolute folder of the workspace.
 * @returns {string[]}
 */
export function checkWorkspace(root) {
  const packages = readWorkspace(root)
  const rootTools = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies ?? {})
  const errors = packages
    .filter(({ layer }) => layer !== apart && !layers.includes(layer))
    .map(({ name }) => `${name}: needs one tag of ${[...layers, apart].map((layer) => `layer:${layer}`).join(', ')}`)
  for (const owner of packages) {
    for (const file of owner.files) {
      const at = relative(root, file.path)
      if (defaultExport.test(file.text.replace(/^[ \t]*(\*|\/\/|\/\*).*$/gm, '')))
        errors.push(`${at}: has a default export; name it`)
      for (const target of file.imports)
        errors.push(...checkImport(target, file, owner, packages, rootTools).map((message) => `${at}: ${message}`))
    }
  }
  errors.push(...checkExchangeFolders(root, packages))
  return [...new Set(errors)]
}

/**
 * @param {string} target
 * @param {SourceFile} file
 * @param {WorkspacePackage} owner
 * @param {WorkspacePackage[]} packages
 * @param {string[]} rootTools
 * @returns {string[]}
 */
function checkImport(target, file, owner, packages, rootTools) {
  if (target.startsWith('.')) return checkRelative(target, file, owner)
  if (isBuiltin(target)) return []
  const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? target)
  const other = packages.find((candidate) => candidate.name === name)
  if (other === undefined) return checkForeign(name, file, owner, rootTools)
  const errors = testEntries.test(target) ? checkTestEntry(target, file) : []
  if (other === owner) return errors
  return [...errors, ...checkLayers(other, file, owner), ...checkDeclared(other, file, owner)]
}

/**
 * @param {string} target
 * @param {SourceFile} file
 * @param {WorkspacePackage} owner
 */
function checkRelative(target, file, owner) {
  const path = resolve(dirname(file.path), target)
  if (!path.startsWith(owner.folder + sep)) return [`'${target}' leaves the package; import the other one by its name`]
  if (/\/(testing|conformance)\//.test(path) && !isTestCode(file.inPackage))
    return [`'${target}' is for tests; only specs and testing folders may import it`]
  return []
}

/**
 * @param {string} target
 * @param {SourceFile} file
 */
function checkTestEntry(target, file) {
  return isTestCode(file.inPackage) ? [] : [`'${target}' is for tests; only specs and testing folders may import it`]
}

/**
 * @param {WorkspacePackage} other
 * @param {SourceFile} file
 * @param {WorkspacePackage} owner
 */
function checkLayers(other, file, owner) {
  if (owner.layer === apart)
    return other.layer === 'common' ? [] : [`${owner.name} stands on common alone and must not use ${other.name}`]
  if (other.layer === apart)
    return owner.layer === 'app' || isSpec(file.inPackage)
      ? []
      : [`${other.name} may be used by apps and specs alone, so that a misreading cannot hide on both sides of a wire`]
  const from = layers.indexOf(owner.layer)
  const to = layers.indexOf(other.layer)
  if (from < 0 || to < 0 || to < from || owner.layer === 'app') return []
  return [`${owner.name} must not use ${other.name}, which is ${to === from ? 'of the same' : 'a higher'} layer`]
}

/**
 * @param {WorkspacePackage} other
 * @param {SourceFile} file
 * @param {WorkspacePackage} owner
 */
function checkDeclared(other, file, owner) {
  const errors = []
  const spec = isSpec(file.inPackage)
  const declared = other.name in owner.dependencies || (spec && other.name in owner.devDependencies)
  if (!declared)
    errors.push(
      other.name in owner.devDependencies
        ? `${other.name} is among the devDependencies of ${owner.name}; code that ships needs it in dependencies`
        : `${other.name} is not in the package.json of ${owner.name}`,
    )
  const references = spec ? [...owner.specReferences, ...owner.libraryReferences] : owner.libraryReferences
  const configName = spec ? 'tsconfig.spec.json' : 'tsconfig.lib.json'
  if (!references.includes(other.folder))
    errors.push(`${other.name} is not referenced in the ${configName} of ${owner.name}`)
  return errors
}

/**
 * @param {string} name
 * @param {SourceFile} file
 * @param {WorkspacePackage} owner
 * @param {string[]} rootTools
 */
function checkForeign(name, file, owner, rootTools) {
  if (name in owner.dependencies) return []
  if (isTestCode(file.inPackage) && (name in owner.devDependencies || rootTools.includes(name))) return []
  return [`'${name}' is not in the package.json of ${owner.name}`]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const errors = checkWorkspace(resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))))
  for (const error of errors) console.error(error)
  process.exitCode = errors.length > 0 ? 1 : 0
}
