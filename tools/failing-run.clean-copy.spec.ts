import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { repositoryRoot } from './repository-files.mjs'
import { link } from './support/clean-copy.js'

const spec = `import { expect, it } from 'vitest'
it('fails', () => expect(1).toBe(2))`

/** Whatever the specs start, a run with a failed test must not end as a success. */
it('a run that started the services fails when a test does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'failing-run-'))
  try {
    const setup = JSON.stringify(join(repositoryRoot, 'tools/services-setup.ts'))
    await link(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'))
    await writeFile(join(folder, 'failing.spec.ts'), spec)
    await writeFile(join(folder, 'vitest.config.mjs'), `export default { test: { globalSetup: [${setup}] } }`)
    const vitest = join(repositoryRoot, 'node_modules/vitest/vitest.mjs')
    const { status, stdout } = spawnSync(process.execPath, [vitest, 'run'], { cwd: folder, encoding: 'utf8' })
    expect(stdout).toContain('1 failed')
    expect(status).toBe(1)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)
