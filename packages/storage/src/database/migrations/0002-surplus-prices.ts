import { sql, type Kysely, type Migration } from 'kysely'

/** A trade may move several assets besides its profit asset: one price becomes prices by asset. */
export const surplusPrices0002: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('trades').renameColumn('surplusPrice', 'surplusPrices').execute()
    // Every pair until now was quoted in its profit asset.
    const base = sql`replace(${sql.ref('symbol')}, '/' || ${sql.ref('profitAsset')}, '')`
    const price = sql.ref('surplusPrices')
    await sql`update trades set ${price} = '{"' || ${base} || '":"' || ${price} || '"}'`.execute(db)
  },
}
