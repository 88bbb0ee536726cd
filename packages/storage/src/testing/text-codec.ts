import type { JournalCodec } from '../journal/journal-codec.js'

/** Records that are plain texts. */
export const textCodec: JournalCodec<string> = {
  encode: (record) => Buffer.from(record),
  decode: (payload) => Buffer.from(payload).toString(),
}
