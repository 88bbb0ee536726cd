/** What a server cannot do by its nature, and why, by the name of the test. */
export type Exclusions = Readonly<Record<string, string>>

/** An order of the client's account, as the exchange knows it. */
export interface TrueOrder {
  readonly price: string | null
  readonly status: string
}

/** What a server has measured of its clients. */
export interface MeasuredTraffic {
  readonly peakFramesPerSecond: number
  readonly peakInFlight: number
  readonly repeatedIds: number
  readonly framesBeforeAuthentication: number
}

/** A server of the protocol with an exchange behind it, to run the client against. */
export interface ClientEndpoint {
  readonly apiKey: string
  /** Of the server itself. */
  readonly port: number
  /** Of a line to it, which `cut` breaks. */
  readonly linePort: number
  /** The truth about the client's orders. */
  orders(): readonly TrueOrder[]
  /** Somebody else places a limit order on ETH/USDT. */
  offer(side: 'buy' | 'sell', priceTicks: number, quantityLots: number): void
  /** From now on requests and answers are lost, refused, late and repeated, each with this probability. */
  addFaults(probability: number): void
  traffic(): MeasuredTraffic
  cut(): void
  /** Ends the server. */
  stop(): Promise<void>
  /** Starts it again on the same port. */
  startAgain(): Promise<void>
  close(): Promise<void>
}
