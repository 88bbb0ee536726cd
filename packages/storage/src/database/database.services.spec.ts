import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, it } from 'vitest'
import { describeDatabase } from '../testing/database-suite.js'

const serverUrl = process.env['CEX_ARBITRAGE_TEST_POSTGRES_URL']

if (serverUrl === undefined)
  describe('the database on PostgreSQL', () => {
    it.skip(`needs a server: ${process.env['CEX_ARBITRAGE_TEST_POSTGRES_MISSING'] ?? 'run the services project'}`)
  })
else
  describeDatabase('PostgreSQL', async () => {
    const name = `test_${randomUUID().replaceAll('-', '')}`
    await administer(serverUrl, `create database ${name}`)
    const url = new URL(serverUrl)
    url.pathname = `/${name}`
    return { url: url.href, remove: () => administer(serverUrl, `drop database ${name} with (force)`) }
  })

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
