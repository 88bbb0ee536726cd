// The files that belong to the repository, as git knows them.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url))

/**
 * Paths of all tracked files that exist, relative to the root.
 *
 * @returns {string[]}
 */
export function listRepositoryFiles() {
  return execFileSync('git', ['ls-files', '-z'], { cwd: repositoryRoot, encoding: 'utf8' })
    .split('\0')
    .filter((name) => name !== '' && existsSync(join(repositoryRoot, name)))
}
