/** Names of the exchanges with a built-in connector. */
export const builtInExchanges = ['mexc', 'gateio'] as const

/** Longest client order id that every supported exchange takes, without an exchange's own prefix (Gate.io: 28 after `t-`). */
export const maxClientOrderIdLength = 28
