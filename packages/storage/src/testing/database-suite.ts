import { DatabaseException, msPerDay } from '@cex-arbitrage/common'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HistoryReader, type AccountedTrade } from '../database/history-reader.js'
import type { TradeRow } from '../database/history-queries.js'
import { openDatabase, type OpenedDatabase } from '../database/open-database.js'
import { probeDatabase } from '../database/probe-database.js'
import { DatabaseQueries } from '../database/queries/database-queries.js'
import { applyRetention, defaultRetentionPolicy } from '../database/retention.js'
import { upsertRows } from '../database/upsert.js'
import {
  createTestFollower,
  dumpJournalTables,
  recordSession,
  sumByAsset,
  type RecordedSession,
} from './recorded-session.js'

/** An empty database of its own. */
export interface TestDatabase {
  readonly url: string
  remove(): Promise<void>
}

/** What both engines must do alike. */
export function describeDatabase(engine: string, createDatabase: () => Promise<TestDatabase>): void {
  describe(`the database on ${engine}`, () => {
    let session: RecordedSession
    let place: TestDatabase
    let database: OpenedDatabase

    beforeAll(async () => {
      session = await recordSession(3)
    })
    beforeEach(async () => {
      place = await createDatabase()
      database = await openDatabase({ url: place.url, poolSize: 2 })
    })
    afterEach(async () => {
      await database.close()
      await place.remove()
    })
    afterAll(() => {
      expect(session.records.length).toBeGreaterThan(100)
    })

    it('is brought up to date once, and left alone when it is', async () => {
      await createTestFollower(database, session).catchUp()
      const before = await dumpJournalTables(database)
      const again = await openDatabase({ url: place.url, poolSize: 1 })
      expect(await dumpJournalTables(again)).toEqual(before)
      await again.close()
    })

    it('is probed without a change', async () => {
      await createTestFollower(database, session).catchUp()
      const before = await dumpJournalTables(database)
      expect(await probeDatabase({ url: place.url, poolSize: 1 })).toEqual({ engine: database.engine, migrations: [] })
      expect(await dumpJournalTables(database)).toEqual(before)
    })

    it('refuses a database of a newer release', async () => {
      const row = { name: '9999-from-the-future', timestamp: '2030-01-01T00:00:00Z' }
      await database.db
        .insertInto('kysely_migration' as never)
        .values(row as never)
        .execute()
      await expect(openDatabase({ url: place.url })).rejects.toThrow(DatabaseException)
    })

    it('tells of every trade what the engine told', async () => {
      await createTestFollower(database, session).catchUp()
      const queries = new DatabaseQueries(database.db, 'test')
      const last = new Map(session.outcomes.map((outcome) => [outcome.correlationId as string, outcome]))
      const trades = await queries.recentTrades({ limit: 100 })
      expect(trades).toHaveLength(last.size)
      for (const trade of trades) {
        const outcome = last.get(trade.correlationId)!
        expect(trade).toMatchObject({
          outcome: outcome.end,
          strategy: 'spot-spot',
          realisedProfit: outcome.realisedProfit.toString(),
          attribution: { fees: outcome.attribution.fees.toString(), unwind: outcome.attribution.unwind.toString() },
        })
        expect(trade.legs.map(({ side, price }) => `${side} ${price}`)).toEqual(['buy 100.2', 'sell 100.8'])
        const detail = (await queries.tradeDetail(trade.correlationId))!
        expect(detail.residuals).toEqual(
          outcome.residuals.map(({ exchange, asset, amount }) => ({ exchange, asset, amount: amount.toString() })),
        )
        const states = new Map(detail.orders.map((order) => [order.clientOrderId, order]))
        for (const leg of outcome.legs) {
          const order = states.get(leg.clientOrderId)
          if (order === undefined) continue
          expect([order.state, order.filledQuantity]).toEqual([leg.state, leg.filledQuantity.toString()])
        }
        for (const fill of detail.fills) expect(states.has(fill.clientOrderId!)).toBe(true)
        for (const sum of Object.values(sumByAsset(detail.postings))) expect(sum).toBe('0')
      }
    })

    it('holds the ledger of the engine to the last unit', async () => {
      await createTestFollower(database, session).catchUp()
      const balances = await new DatabaseQueries(database.db, 'test').balances()
      const ledger = session.engine.portfolio.ledger
        .entries()
        .map(({ account, asset, amount }) => `${account} ${asset} ${amount.toString()}`)
      expect(balances.map(({ account, asset, amount }) => `${account} ${asset} ${amount}`).toSorted()).toEqual(
        ledger.toSorted(),
      )
      const postings = await database.db.selectFrom('ledgerPostings').selectAll().execute()
      for (const sum of Object.values(sumByAsset(postings))) expect(sum).toBe('0')
    })

    it('holds the same after any stops and starts as after a rebuild', async () => {
      const total = session.records.length
      for (let written = 0, seed = 1; written < total; seed++) {
        written = Math.min(total, written + 1 + ((seed * 37) % 90))
        const follower = createTestFollower(database, session, { seed, written: () => written })
        await follower.catchUp()
        expect(follower.position).toBe(written)
      }
      const followed = await dumpJournalTables(database)
      await createTestFollower(database, session, { journal: 'other', seed: 99 }).catchUp()
      expect(await dumpJournalTables(database, 'other')).toEqual(followed)
      expect(await createTestFollower(database, session, { seed: 5 }).rebuild()).toBe(total)
      expect(await dumpJournalTables(database)).toEqual(followed)
      expect(followed['trades']!.length).toBeGreaterThan(0)
    })

    it('goes on without loss after writes that failed', async () => {
      const follower = createTestFollower(database, session)
      await database.db.schema.alterTable('fills').renameTo('fills_away').execute()
      await expect(follower.catchUp()).rejects.toThrow()
      await database.db.schema.alterTable('fills_away').renameTo('fills').execute()
      await follower.catchUp()
      const whole = await dumpJournalTables(database)
      await createTestFollower(database, session, { journal: 'other' }).catchUp()
      expect(await dumpJournalTables(database, 'other')).toEqual(whole)
    })

    it('is filled again when the journal under it is another one, or has lost its end', async () => {
      await createTestFollower(database, session).catchUp()
      const other = await recordSession(4, 3)
      await createTestFollower(database, other).catchUp()
      const [first] = await new DatabaseQueries(database.db, 'test').journals()
      expect(first).toMatchObject({ journal: 'test', mode: 'simulated', position: other.records.length })
      await createTestFollower(database, other, { journal: 'fresh' }).catchUp()
      await createTestFollower(database, session, { journal: 'fresh' }).catchUp()
      await createTestFollower(database, session, { journal: 'longer' }).catchUp()
      expect(await dumpJournalTables(database, 'fresh')).toEqual(await dumpJournalTables(database, 'longer'))
      const shorter = { ...other, records: other.records.slice(0, -5) }
      await createTestFollower(database, shorter).catchUp()
      const cut = await dumpJournalTables(database)
      await createTestFollower(database, shorter, { journal: 'fresh' }).catchUp()
      expect(await dumpJournalTables(database, 'fresh')).toEqual(cut)
    })

    it('sums trades exactly and finds them by time, strategy, symbol and outcome', async () => {
      await createTestFollower(database, session).catchUp()
      const queries = new DatabaseQueries(database.db, 'test')
      const summary = await queries.tradeSummary()
      const realised = session.engine.portfolio.results
      expect(summary.open).toBe(0)
      expect(summary.trades).toBe(Object.values(summary.byOutcome).reduce((sum, count) => sum + count, 0))
      const [first] = await queries.recentTrades({ limit: 1 })
      expect(summary.profit[0]!.asset).toBe(first!.profitAsset)
      expect(summary.profit[0]!.realised).toBe(realised.realisedToday(first!.profitAsset as never).toString())
      expect(await queries.recentTrades({ strategy: 'none' })).toEqual([])
      expect(await queries.recentTrades({ symbol: 'BTC/USDT', outcome: 'nothing' })).toEqual([])
      expect(await queries.recentTrades({ journal: 'unknown' })).toEqual([])
      expect(await queries.recentTrades({ fromMs: first!.startedAtMs })).toEqual([first])
      expect(await queries.recentTrades({ toMs: first!.startedAtMs, limit: 1_000 })).toHaveLength(summary.trades - 1)
      expect(await queries.tradeDetail('nothing')).toBeUndefined()
    })

    it('pages through trades to the oldest, each once', async () => {
      await createTestFollower(database, session).catchUp()
      const queries = new DatabaseQueries(database.db, 'test')
      const all = await queries.recentTrades({ limit: 1_000 })
      const paged: TradeRow[] = []
      for (let before: string | undefined; ; before = paged.at(-1)!.correlationId) {
        const page = await queries.recentTrades({ limit: 3, ...(before !== undefined && { before }) })
        if (page.length === 0) break
        paged.push(...page)
      }
      expect(paged).toEqual(all)
      expect(await queries.recentTrades({ before: 'nothing' })).toEqual([])
    })

    it('answers for every run of a mode at once, day by day', async () => {
      await createTestFollower(database, session, { journal: 'first' }).catchUp()
      await createTestFollower(database, session, { journal: 'second' }).catchUp()
      await createTestFollower(database, session, { journal: 'live', mode: 'live' }).catchUp()
      const queries = new DatabaseQueries(database.db, 'second')
      const one = await queries.tradeSummary()
      const mode = 'simulated'
      expect((await queries.tradeSummary({ mode })).trades).toBe(2 * one.trades)
      const both = await queries.recentTrades({ mode, limit: 1_000 })
      expect(both).toHaveLength(2 * one.trades)
      expect(both.map(({ startedAtMs }) => startedAtMs)).toEqual(
        both.map(({ startedAtMs }) => startedAtMs).toSorted((a, b) => b - a),
      )
      expect(new Set(both.map(({ journal }) => journal))).toEqual(new Set(['first', 'second']))
      expect(both[0]!.legs).toHaveLength(2)
      const days = await queries.tradeDays({ mode })
      expect(days.reduce((sum, { trades }) => sum + trades, 0)).toBe(2 * one.trades)
      const day = new Date(both[0]!.startedAtMs).toISOString().slice(0, 10)
      expect(days[0]).toMatchObject({ day })
      expect(await queries.tradeDays({ mode: 'paper' })).toEqual([])
    })

    it('is read whole, with what was sent and filled for each trade, and never made by reading', async () => {
      await createTestFollower(database, session).catchUp()
      const opportunity = {
        strategy: 'spot-spot',
        symbol: 'BTC/USDT',
        buyExchange: 'alpha',
        sellExchange: 'beta',
        netEdgeBps: 1,
        expectedProfit: '0.1',
        profitAsset: 'USDT',
        correlationId: null,
        verdict: 'balance',
        survivalUs: 5,
      }
      await upsertRows(
        database.db,
        Array.from({ length: 1_200 }, (_, ordinal) => ({
          table: 'opportunities' as const,
          row: { journal: 'test', atMs: Math.floor(ordinal / 7), ordinal, ...opportunity },
        })),
      )
      const reader = await HistoryReader.open({ url: place.url })
      const trades: AccountedTrade[] = []
      for await (const trade of reader.trades({ mode: 'simulated' })) trades.push(trade)
      const { queries } = reader
      const known = await queries.recentTrades({ journal: 'test', limit: 1_000 })
      expect(trades.map(({ correlationId }) => correlationId)).toEqual(
        known.map(({ correlationId }) => correlationId).toReversed(),
      )
      for (const { correlationId, orders, fills } of trades)
        expect(await queries.tradeDetail(correlationId, { journal: 'test' })).toMatchObject({ orders, fills })
      let count = 0
      for await (const row of reader.opportunities({ journal: 'test', fromMs: 1, toMs: 171 })) {
        expect(row).not.toHaveProperty('ordinal')
        count++
      }
      expect(count).toBe(1_190)
      await reader.close()
    })

    it('shows halts, the newest first', async () => {
      const record = { asset: null, correlationId: null, detail: 'by hand' }
      const records = [1, 2].map((atMs) => ({ kind: 'halt' as const, atMs, rule: `rule-${atMs}`, ...record }))
      await createTestFollower(database, { world: session.world, records }).catchUp()
      const halts = await new DatabaseQueries(database.db, 'test').halts()
      expect(halts).toEqual([
        { position: 1, atMs: 2, rule: 'rule-2', ...record },
        { position: 0, atMs: 1, rule: 'rule-1', ...record },
      ])
    })

    it('answers for display data', async () => {
      const journal = 'test'
      const health = {
        booksTrusted: 2,
        booksTotal: 3,
        frames: 10,
        gaps: 1,
        resyncs: 1,
        reconnects: 0,
        clockOffsetMs: -4,
        openOrders: 0,
      }
      const opportunity = {
        strategy: 'spot-spot',
        symbol: 'BTC/USDT',
        buyExchange: 'alpha',
        sellExchange: 'beta',
        netEdgeBps: 7.25,
        expectedProfit: '0.1',
        profitAsset: 'USDT',
        correlationId: null,
        verdict: 'balance',
        survivalUs: null,
      }
      for (let atMs = 1; atMs <= 20; atMs++)
        await upsertRows(database.db, [
          { table: 'equity', row: { journal, atMs, asset: 'USDT', equity: `${atMs}.00000001`, realised: '0' } },
          { table: 'whyNot', row: { journal, atMs, cause: 'no_edge', count: 2 } },
          { table: 'whyNot', row: { journal, atMs, cause: atMs % 2 === 0 ? 'balance' : 'stale_quote', count: 1 } },
          {
            table: 'venueHealth',
            row: { journal, atMs, exchange: 'alpha', marketDataConnected: 1, accountConnected: 0, ...health },
          },
          { table: 'opportunities', row: { journal, atMs, ordinal: atMs, ...opportunity } },
        ])
      const queries = new DatabaseQueries(database.db, journal)
      const series = await queries.equitySeries({ fromMs: 5, maxPoints: 4 })
      expect(series.map(({ atMs }) => atMs)).toEqual([8, 12, 16, 20])
      expect(series.at(-1)).toEqual({ journal, atMs: 20, asset: 'USDT', equity: '20.00000001', realised: '0' })
      expect(await queries.whyNot({ toMs: 11 })).toEqual([
        { cause: 'no_edge', count: 20 },
        { cause: 'balance', count: 5 },
        { cause: 'stale_quote', count: 5 },
      ])
      const newest = { atMs: 20, exchange: 'alpha', marketDataConnected: true, accountConnected: false, ...health }
      expect(await queries.venueHealth()).toEqual([newest])
      expect((await queries.venueHealthSeries('alpha', { maxPoints: 2 })).at(-1)).toEqual(newest)
      expect(await queries.venueHealthSeries('beta')).toEqual([])
      expect(await queries.equitySeries({ fromMs: 21 })).toEqual([])
      expect(await queries.equitySeries({ maxPoints: 5_000 })).toHaveLength(20)
      expect(await queries.opportunities({ limit: 1 })).toEqual([{ atMs: 20, ...opportunity }])
    })

    it('replaces a row that has the same key, also within one write', async () => {
      const row = { journal: 'test', atMs: 1, asset: 'USDT', realised: '0' }
      await upsertRows(database.db, [
        { table: 'equity', row: { ...row, equity: '1' } },
        { table: 'equity', row: { ...row, equity: '2' } },
      ])
      await upsertRows(database.db, [{ table: 'equity', row: { ...row, equity: '3' } }])
      const points = await new DatabaseQueries(database.db, 'test').equitySeries()
      expect(points.map(({ equity }) => equity)).toEqual(['3'])
    })

    it('writes more rows at once than one statement takes', async () => {
      const rows = Array.from({ length: 7_001 }, (_, atMs) => ({
        table: 'equity' as const,
        row: { journal: 'test', atMs, asset: 'USDT', equity: '1', realised: '0' },
      }))
      await upsertRows(database.db, rows)
      const { count } = await database.db
        .selectFrom('equity')
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
      expect(Number(count)).toBe(7_001)
    })

    it('deletes what is too old or too much, and keeps balances and the live journal', async () => {
      await createTestFollower(database, session).catchUp()
      await createTestFollower(database, session, { journal: 'current' }).catchUp()
      await createTestFollower(database, session, { journal: 'live', mode: 'live' }).catchUp()
      const balances = await new DatabaseQueries(database.db, 'current').balances()
      const nowMs = Math.max(...session.records.map(({ atMs }) => atMs)) + 2 * msPerDay
      const point = { journal: 'current', asset: 'USDT', equity: '1', realised: '0' }
      await upsertRows(database.db, [
        { table: 'equity', row: { ...point, atMs: nowMs - 40 * msPerDay } },
        { table: 'equity', row: { ...point, atMs: nowMs - 3 } },
        { table: 'equity', row: { ...point, atMs: nowMs - 2 } },
        { table: 'equity', row: { ...point, atMs: nowMs - 1 } },
      ])
      const policy = { ...defaultRetentionPolicy, displayRows: 2, tradeMs: msPerDay }
      const first = await applyRetention(database.db, policy, { nowMs, journal: 'current' })
      expect(first).toBeGreaterThan(10)
      const queries = new DatabaseQueries(database.db, 'current')
      expect((await queries.equitySeries()).map(({ atMs }) => atMs)).toEqual([nowMs - 2, nowMs - 1])
      expect(await queries.recentTrades()).toEqual([])
      const left = await dumpJournalTables(database, 'current')
      expect([left['legs'], left['orders'], left['residuals']]).toEqual([[], [], []])
      expect(await queries.balances()).toEqual(balances)
      expect((await queries.journals()).map(({ journal }) => journal)).toEqual(['current', 'live'])
      expect(await applyRetention(database.db, policy, { nowMs, journal: 'current' })).toBe(0)
    })
  })
}
