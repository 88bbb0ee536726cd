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
      .enum(['always', 'interval', 'never'])
      .default('always')
      .describe(
        'What survives a failure of the machine: every intent before it is sent, all but the last interval, or what the system has written by itself. A killed process loses nothing either way.',
      ),
    fsyncIntervalMs: wholeNumber(1, 60_000, 100, 'Milliseconds between two flushes with fsync interval.'),
    rotateAtMegabytes: wholeNumber(1, 10_000, 64, 'Size in MB at which a new file begins.'),
    checkpointAfterRecords: wholeNumber(
      0,
      10_000_000,
      50_000,
      'Records after which all before are summed up in a checkpoint, so that a start reads no more than so many; 0 for none. The files before stay as they are.',
    ),
  })
  .prefault({})
  .describe('The append-only record of every intent and event.')

export type JournalConfig = z.infer<typeof journalConfigSchema>
