import type { TradingSymbol, VenueFill, VenueHost, VenueOrder } from '@cex-arbitrage/simulator'

/** `ABC-USDT`. */
export const spell = ({ base, quote }: Pick<TradingSymbol, 'base' | 'quote'>): string => `${base}-${quote}`

/** The listed pair of that spelling. */
export const findSymbol = (host: VenueHost, spelled: string): TradingSymbol | undefined =>
  [...host.core.symbols.values()].find((symbol) => spell(symbol) === spelled)

export const viewInstrument = (symbol: TradingSymbol): object => ({
  symbol: spell(symbol),
  base: symbol.base,
  quote: symbol.quote,
  tickSize: symbol.spec.tickSize,
  lotSize: symbol.spec.lotSize,
  minNotional: symbol.spec.minNotional,
  makerFee: symbol.spec.makerFee,
  takerFee: symbol.spec.takerFee,
  trading: symbol.tradable,
})

/** The best levels of a book, and the counter at which it stands. */
export function viewBook(host: VenueHost, symbol: TradingSymbol, depth: number): object {
  const engine = host.core.engine(symbol.name)
  const levelsOf = (side: 'buy' | 'sell'): readonly (readonly [string, string])[] =>
    engine
      .ladder(side)
      .levels.slice(0, depth)
      .map(({ priceTicks, totalLots }) => [symbol.price(priceTicks).toString(), symbol.quantity(totalLots).toString()])
  return { sequence: engine.sequence, time: host.clock.nowMs(), bids: levelsOf('buy'), asks: levelsOf('sell') }
}

export const viewOrder = (order: VenueOrder): object => ({
  id: order.id,
  clientId: order.clientOrderId ?? null,
  symbol: spell(order.symbol),
  side: order.side,
  price: order.symbol.price(order.priceTicks ?? 0).toString(),
  quantity: order.symbol.quantity(order.quantityLots).toString(),
  filled: order.symbol.quantity(order.filledLots).toString(),
  filledValue: order.filledNotional.toString(),
  status: order.endReason === 'refused_late' ? 'refused' : order.status,
  time: order.updatedAtMs,
})

/** @param order - `undefined` for one that the venue has forgotten. */
export const viewFill = (fill: VenueFill, order: VenueOrder | undefined): object => ({
  id: String(fill.tradeId),
  orderId: fill.orderId,
  clientId: order?.clientOrderId ?? null,
  symbol: fill.symbol.replace('/', '-'),
  side: fill.side,
  price: fill.price.toString(),
  quantity: fill.quantity.toString(),
  fee: fill.fee.toString(),
  feeAsset: fill.feeAsset,
  role: fill.role,
  time: fill.atMs,
})
