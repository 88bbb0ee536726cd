/** Exchanges known by name. A plug-in may bring any other. */
export enum ExchangeEnum {
  Mexc = 'mexc',
  Gateio = 'gateio',
  Binance = 'binance',
}

/** Kinds of market an exchange offers. */
export enum MarketTypeEnum {
  Spot = 'spot',
  Futures = 'futures',
  Margin = 'margin',
}

/** Kinds of order across exchanges; which of them an exchange takes is in its capabilities. */
export enum OrderType {
  Market = 'market',
  Limit = 'limit',
  StopLoss = 'stop_loss',
  TakeProfit = 'take_profit',
}
