import { CamelCasePlugin, Kysely, sql } from 'kysely'
import { expect, it } from 'vitest'
import { createDialect } from '../dialect/create-dialect.js'
import { history0001 } from './0001-history.js'
import { surplusPrices0002 } from './0002-surplus-prices.js'

it('makes the one surplus price of earlier trades a price of their base', async () => {
  const { dialect } = createDialect('sqlite::memory:', 1)
  const db = new Kysely<unknown>({ dialect, plugins: [new CamelCasePlugin()] })
  await history0001.up(db)
  await sql`insert into trades (journal, correlation_id, strategy, symbol, started_at_ms, expected_profit, profit_asset,
    surplus_price, net_edge_bps, quote_age_us, decided_at_us)
    values ('j', 'c', 'spot-spot', 'BTC/USDT', 1, '1', 'USDT', '64999.5', 1, 1, 1)`.execute(db)
  await surplusPrices0002.up(db)
  const { rows } = await sql<{ surplusPrices: string }>`select surplus_prices from trades`.execute(db)
  expect(rows.map(({ surplusPrices }) => JSON.parse(surplusPrices) as unknown)).toEqual([{ BTC: '64999.5' }])
  await db.destroy()
})
