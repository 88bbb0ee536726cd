import * as z from 'zod'
import { wholeNumber } from '../core/fields.js'

export const journalConfigSchema = z
  .strictObject({
    folder: z
      .string()
      .min(1)
      .default('data/journal')
      .describe('Folder of the journal, relative to where the engine runs.'),
    fsync: z
      .enum(['always', 'intents', 'interval', 'never'])
      .default('intents')
      .describe(
        'What is on the disk before the engine goes on: every record, intents before they are sent, or nothing.',
      ),
    fsyncIntervalMs: wholeNumber(1, 60_000, 200, 'Milliseconds between two flushes of records that nobody waits for.'),
    rotateAtMegabytes: wholeNumber(1, 10_000, 64, 'Size in MB at which a new file begins.'),
    keepFiles: wholeNumber(2, 100_000, 1000, 'Closed files that are kept; older ones without open orders are removed.'),
  })
  .prefault({})
  .describe('The append-only record of every intent and event.')

export type JournalConfig = z.infer<typeof journalConfigSchema>
