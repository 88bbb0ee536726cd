/** What an API key may do, as far as its exchange tells; `undefined` where it does not. */
export interface KeyRights {
  readonly canTrade: boolean | undefined
  readonly canWithdraw: boolean | undefined
  /** Days until the key ends; `undefined` where it does not or the exchange does not say. */
  readonly remainingDays: number | undefined
}
