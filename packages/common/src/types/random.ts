/** The source of randomness; seeded in tests and simulations. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
}
