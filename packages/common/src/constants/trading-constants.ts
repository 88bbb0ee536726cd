/** Basis points in one. */
export const bpsPerUnit = 10_000

/** Begins every client order id of the engine; start-up adopts what carries it. */
export const clientOrderIdPrefix = 'arb'
