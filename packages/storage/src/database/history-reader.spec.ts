import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseException } from '@cex-arbitrage/common'
import { expect, it } from 'vitest'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { HistoryReader } from './history-reader.js'

it('refuses to read a database that is not there, and makes none', () =>
  withTemporaryDirectory(async (directory) => {
    const file = join(directory, 'none.db')
    await expect(HistoryReader.open({ url: `sqlite:${file}` })).rejects.toThrow(DatabaseException)
    expect(existsSync(file)).toBe(false)
  }))
