/** Where an order of a trade goes. */
export interface RouteLeg {
  readonly exchange: string
  readonly marketType: string
  readonly symbol: string
  readonly side: string
}

/**
 * The way of a trade in a few words: `mexc → gateio` for one symbol bought here and sold there, else every order in turn,
 * such as `mexc: buy BTC/USDT, buy ETH/BTC, sell ETH/USDT`.
 */
export function describeRoute(legs: readonly RouteLeg[]): string {
  if (legs.length === 0) return '–'
  const isOne = (of: (leg: RouteLeg) => string): boolean => legs.every((leg) => of(leg) === of(legs[0]!))
  const isOneMarket = isOne(({ marketType }) => marketType)
  const place = ({ exchange, marketType }: RouteLeg): string => (isOneMarket ? exchange : `${exchange} ${marketType}`)
  const [buy, sell] = ['buy', 'sell'].map((side) => legs.filter((leg) => leg.side === side))
  if (isOne(({ symbol }) => symbol) && buy!.length === 1 && sell!.length === 1)
    return `${place(buy![0]!)} → ${place(sell![0]!)}`
  if (isOne(place)) return `${place(legs[0]!)}: ${legs.map(({ side, symbol }) => `${side} ${symbol}`).join(', ')}`
  return legs.map((leg) => `${leg.side} ${leg.symbol} ${place(leg)}`).join(', ')
}
