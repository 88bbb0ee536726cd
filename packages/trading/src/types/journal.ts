/**
 * The append-only record of everything that must survive a crash. `storage` implements it; what records mean is
 * `execution`'s and `portfolio`'s affair.
 */
export interface Journal<R> {
  /** Resolves when the record is as durable as the journal's policy says. @throws {@link JournalException} It is not. */
  append(record: R): Promise<void>
  /** Queues a record behind those before it; a failure shows at the next `append` or `flush`. */
  enqueue(record: R): void
  flush(): Promise<void>
  /** Every whole record from the beginning; a torn tail ends it silently, a broken middle throws. */
  replay(): AsyncIterable<R>
  close(): Promise<void>
}
