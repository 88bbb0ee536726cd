/** Moves a venue's books while it runs. */
export interface MarketDriver {
  start(): void
  /** Stops moving; the books stay as they are. */
  stop(): void
}

/** Leaves the books to whoever places orders; for tests. */
export const manualMarket: MarketDriver = { start: () => undefined, stop: () => undefined }
