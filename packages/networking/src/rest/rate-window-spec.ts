/** One limit as a venue states it: so much weight in so much time. */
export interface RateWindowSpec {
  /** Named by the costs of a request: `ip`, `orders`, `account`. */
  readonly name: string
  /** Weight that may be spent within any `intervalMs`. */
  readonly capacity: number
  readonly intervalMs: number
  /**
   * `sliding` (default) lets the whole capacity go at once; `token` paces: `burst` at once and the rest evenly. Neither
   * ever spends more than `capacity` within any `intervalMs`.
   */
  readonly kind?: 'sliding' | 'token'
  /** Weight that a `token` window gives at once; a quarter of the capacity, at least 1, by default. */
  readonly burst?: number
  /** Part of the capacity that only hedges and cancels may use; 0 by default. */
  readonly reserve?: number
  /** Milliseconds added to `intervalMs` against jitter on the way to the venue; 0 by default. */
  readonly marginMs?: number
}

/** What one request takes from one window. */
export interface RateCost {
  readonly window: string
  /** Separates budgets under one limit: an endpoint, a symbol. Each key has a window of its own. */
  readonly key?: string
  /** 1 by default. */
  readonly weight?: number
}

/** What a venue said about a window. */
export interface RateObservation {
  readonly window: string
  readonly key?: string
  /** Weight that the venue says is left; lowers our own count, never raises it. */
  readonly remaining?: number
  /** Milliseconds for which nothing may be sent on this window. */
  readonly pauseMs?: number
}

/** The state of one window. All but `pausedForMs` are weights. */
export interface RateUsage {
  readonly capacity: number
  readonly spent: number
  /** Promised to permits that have not been used. */
  readonly held: number
  /** Free for anybody. */
  readonly available: number
  /** Free for hedges and cancels. */
  readonly availablePrivileged: number
  readonly pausedForMs: number
}
