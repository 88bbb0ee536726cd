/** Turns records into bytes and back. `decode` checks what it reads and throws when it is no record. */
export interface JournalCodec<R> {
  encode(record: R): Uint8Array
  decode(payload: Uint8Array): R
}
