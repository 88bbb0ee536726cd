import { cp, mkdir, readdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { repositoryRoot } from '../repository-files.mjs'

const isLeftOver = (path: string): boolean => /\/(dist|node_modules|coverage|\.nx)$/.test(path)

/**
 * A copy of parts of the repository in which packages resolve to each other and everything else to what is installed, so
 * that neither an older build nor a parallel one matters.
 *
 * @param to - A folder that is not there yet.
 * @param paths - Files and folders, relative to the root; builds and installed modules are left out.
 * @param isWanted - Leaves out further files.
 */
export async function createCleanCopy(
  to: string,
  paths: readonly string[],
  isWanted: (path: string) => boolean = () => true,
): Promise<void> {
  const filter = (path: string): boolean => !isLeftOver(path) && isWanted(path)
  for (const path of paths) await cp(join(repositoryRoot, path), join(to, path), { recursive: true, filter })
  for (const name of await readdir(join(repositoryRoot, 'node_modules')))
    if (name !== '@cex-arbitrage')
      await link(join(repositoryRoot, 'node_modules', name), join(to, 'node_modules', name))
  for (const name of await readdir(join(to, 'packages'))) {
    await link(join(to, 'packages', name), join(to, 'node_modules/@cex-arbitrage', name))
    await linkOwnModules(name, join(to, 'packages', name))
  }
}

/** Gives a copy of a package those dependencies of which it has another version than its neighbours. */
export async function linkOwnModules(name: string, home: string): Promise<void> {
  const own = join(repositoryRoot, 'packages', name, 'node_modules')
  for (const dependency of await readdir(own).catch(() => []))
    await link(join(own, dependency), join(home, 'node_modules', dependency))
}

/** Makes a link and the folders on the way; one that is there stays. */
export async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await symlink(target, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
