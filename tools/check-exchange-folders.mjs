// Exchange folders read as twins: the same names in each, and none of them knows another.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { listFolders } from './workspace-model.mjs'

/** @typedef {import('./workspace-model.mjs').WorkspacePackage} WorkspacePackage */

/** The names of an exchange folder, in the order in which they are written; see docs/adding-an-exchange.md. */
export const exchangeFileNames = [
  'README.md',
  'index.ts',
  'exchange-factory.ts',
  'public-exchange.ts',
  'private-exchange.ts',
  'capabilities.ts',
  'constants.ts',
  'symbols.ts',
  'instruments.ts',
  'schemas.ts',
  'signer.ts',
  'error-map.ts',
  'rate-limits.ts',
  'rest-client.ts',
  'ws-protocol.ts',
  'market-data-decoder.ts',
  'market-data-feed.ts',
  'book-sync.ts',
  'order-mapper.ts',
  'order-gateway.ts',
  'account-feed.ts',
]
const folderNames = ['fixtures', 'wire', 'spot', 'futures']
const implementations = join('packages', 'exchanges', 'src', 'implementations')

/**
 * @param {string} root
 * @param {WorkspacePackage[]} packages
 * @returns {string[]}
 */
export function checkExchangeFolders(root, packages) {
  const folders = listFolders(join(root, implementations))
  return [
    ...folders.flatMap((folder) => checkListing(root, folder)),
    ...checkTwins(root, folders),
    ...checkStrangers(root, packages),
  ]
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function checkListing(root, folder) {
  const readme = existsSync(join(folder, 'README.md')) ? readFileSync(join(folder, 'README.md'), 'utf8') : ''
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = relative(root, join(folder, entry.name))
    if (entry.isDirectory()) {
      if (!folderNames.includes(entry.name)) return [`${at}: no exchange folder has a folder of this name`]
      return entry.name === 'spot' || entry.name === 'futures' ? checkListing(root, join(folder, entry.name)) : []
    }
    const subject = entry.name.replace(/(\.[a-z-]+)*\.(spec|bench)\.ts$/, '.ts')
    if (subject === 'conformance.ts' || exchangeFileNames.includes(subject) || readme.includes(`\`${subject}\``))
      return []
    return [`${at}: a file that other exchanges do not have; say in the folder's README.md why \`${subject}\` is there`]
  })
}

/**
 * Exchanges that are assembled (they have a factory) have the same files.
 *
 * @param {string} root
 * @param {string[]} folders
 */
function checkTwins(root, folders) {
  const complete = folders.filter((folder) => existsSync(join(folder, 'exchange-factory.ts')))
  return exchangeFileNames.flatMap((name) => {
    const having = complete.filter((folder) => existsSync(join(folder, name)))
    if (having.length === 0) return []
    return complete
      .filter((folder) => !having.includes(folder))
      .map(
        (folder) =>
          `${relative(root, folder)}: lacks ${name}, which ${having.map((path) => basename(path)).join(' and ')} has`,
      )
  })
}

/**
 * @param {string} root
 * @param {WorkspacePackage[]} packages
 */
function checkStrangers(root, packages) {
  const home = join(root, implementations) + sep
  const errors = []
  for (const { files } of packages) {
    for (const file of files.filter(({ path }) => path.startsWith(home))) {
      const own = file.path.slice(home.length).split(sep)[0]
      for (const target of file.imports) {
        const path = target.startsWith('.')
          ? resolve(dirname(file.path), target)
          : target.replace(/^@cex-arbitrage\/exchanges\//, home)
        const other = path.startsWith(home) ? path.slice(home.length).split(sep)[0] : own
        if (other !== own && other !== 'testing' && other !== 'conformance')
          errors.push(`${relative(root, file.path)}: an exchange must not know another ('${target}')`)
      }
    }
  }
  return errors
}
