import * as z from 'zod'
import { flag, secret, wholeNumber } from '../core/fields.js'

/** The database is told by its address, which may carry a password and is therefore a secret. */
export const databaseConfigSchema = z
  .strictObject({
    enabled: flag(true, 'Whether trades, fills, postings and statistics are stored.'),
    url: secret('postgres://user:password@host/name, or sqlite:path for the embedded database.').prefault(
      'sqlite:data/arbitrage.db',
    ),
    poolSize: wholeNumber(1, 100, 4, 'Connections to PostgreSQL.'),
    flushIntervalMs: wholeNumber(
      10,
      60_000,
      250,
      'Milliseconds that rows are collected before they are written together.',
    ),
    maxQueuedRows: wholeNumber(
      100,
      10_000_000,
      100_000,
      'Rows held while the database is away; display data is dropped beyond it.',
    ),
    retention: z
      .strictObject({
        displayDays: wholeNumber(1, 3_650, 30, 'Days that equity, health, why-not counts and opportunities are kept.'),
        displayRows: wholeNumber(1_000, 100_000_000, 1_000_000, 'Rows that each of these tables may have.'),
        tradeDays: wholeNumber(
          0,
          36_500,
          0,
          'Days that ended trades are kept with all their parts; 0 keeps them for ever.',
        ),
        runDays: wholeNumber(1, 3_650, 7, 'Days that everything of a simulated or paper run is kept.'),
      })
      .prefault({})
      .describe('What is deleted when it has become old. Balances stay right without the postings that made them.'),
  })
  .prefault({})
  .describe('Where trades and statistics are kept.')

export type DatabaseConfig = z.infer<typeof databaseConfigSchema>
