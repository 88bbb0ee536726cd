/** More than what two products of doubles, each of a rounded factor, can be off in relation to their sum. */
const tolerance = 2 ** -50

/**
 * Integers by which ask and bid ticks are multiplied so that they compare as money, fees and the required edge included.
 * Decides as exact integers do; in doubles wherever the two sides lie further apart than these can be wrong.
 */
export class PayingWeights {
  private readonly roughAsk: number
  private readonly roughBid: number

  constructor(
    private readonly ask: bigint,
    private readonly bid: bigint,
  ) {
    this.roughAsk = Number(ask)
    this.roughBid = Number(bid)
  }

  /** Whether a unit bought at this ask and sold at this bid brings the required edge. */
  pays(askTicks: number, bidTicks: number): boolean {
    const costs = askTicks * this.roughAsk
    const brings = bidTicks * this.roughBid
    const gain = brings - costs
    if (Math.abs(gain) > (brings + costs) * tolerance) return gain > 0
    return BigInt(bidTicks) * this.bid >= BigInt(askTicks) * this.ask
  }
}
