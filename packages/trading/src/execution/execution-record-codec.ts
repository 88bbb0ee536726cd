import { JournalException } from '@cex-arbitrage/common'
import { z } from 'zod'
import { executionRecordSchema, type ExecutionRecord } from './execution-record.js'

/** Version of the record layout; written with every record, so that a later one can be told apart. */
const schemaVersion = 2
const envelopeSchema = z.strictObject({ v: z.literal(schemaVersion), r: executionRecordSchema })

/** Turns records into bytes and back; reading is checked, for the file may come from elsewhere. */
export const executionRecordCodec = {
  /** The same record always gives the same bytes. */
  encode(record: ExecutionRecord): Buffer {
    return Buffer.from(JSON.stringify({ v: schemaVersion, r: record }))
  },
  /** @throws {@link JournalException} The payload is no record of this version. */
  decode(payload: Uint8Array): ExecutionRecord {
    try {
      return envelopeSchema.parse(JSON.parse(Buffer.from(payload).toString('utf8'))).r
    } catch (cause) {
      throw new JournalException({
        cause,
        message: `A journal record is no record of version ${schemaVersion}. Read it with the release that wrote it.`,
      })
    }
  },
}
