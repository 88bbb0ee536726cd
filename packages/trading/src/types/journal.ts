/**
 * The append-only record of everything that must survive a crash. `storage` implements it; what records mean is
 * `execution`'s and `portfolio`'s affair.
 */
export interface Journal<R> {
  /**
   * Resolves when the record is as durable as the journal's policy says; `undefined` where it is already, so that nothing
   * has to be awaited. @throws {@link JournalException} as rejection: it is not.
   */
  append(record: R): Promise<void> | undefined
  /** Queues a record behind those before it; a failure shows at the next `append` or `flush`. */
  enqueue(record: R): void
  flush(): Promise<void>
  /**
   * From the next replay on, these stand for all that was appended or enqueued until now. Nobody waits for it; one that
   * does not come about, or cannot be read later, is passed over.
   */
  checkpoint(records: readonly R[]): void
  /**
   * The newest checkpoint and every whole record after it, or every record from the beginning where there is none. A torn
   * tail ends it silently, a broken middle throws.
   */
  replay(): AsyncIterable<R>
  close(): Promise<void>
}
