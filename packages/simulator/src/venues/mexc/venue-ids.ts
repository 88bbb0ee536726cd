import { createHash } from 'node:crypto'

const tetherCoinId = '128f589271cb4951b03e71e6323eb7be'

const opaque = (text: string): string => createHash('md5').update(text).digest('hex')

/** The venue's internal id of an asset: 32 hex digits, stable per asset. */
export const coinIdOf = (asset: string): string => (asset === 'USDT' ? tetherCoinId : opaque(`coin:${asset}`))

/** The venue's internal id of a pair. */
export const pairIdOf = (symbol: string): string => opaque(`symbol:${symbol}`)
