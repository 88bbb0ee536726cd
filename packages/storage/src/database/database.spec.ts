import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeDatabase } from '../testing/database-suite.js'

describeDatabase('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cex-arbitrage-database-'))
  return {
    url: `sqlite:${join(directory, 'new', 'arbitrage.db')}`,
    remove: () => rm(directory, { recursive: true, force: true }),
  }
})
