/** Of an order: what we do. Of a public trade: what the taker did. */
export type Side = 'buy' | 'sell'

export const oppositeSide = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy')
