import type { ClientOrderId, CorrelationId } from './ids.js'

/** Mints ids. Deterministic in tests and simulations. */
export interface IdSource {
  nextCorrelationId(): CorrelationId
  /** At most 28 characters of `A-Z a-z 0-9 _ -`, beginning with the engine's prefix, never repeated across restarts. */
  nextClientOrderId(): ClientOrderId
}
