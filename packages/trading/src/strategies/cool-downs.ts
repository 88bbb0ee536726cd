/** Rests of pairs of slots after a trade or a failure; times are microseconds of our monotonic clock. */
export class CoolDowns {
  private readonly until: Float64Array

  constructor(private readonly slots: number) {
    this.until = new Float64Array(slots * slots)
  }

  /** Direction counts: buying on one and selling on the other is another pair than the reverse. */
  rest(buySlot: number, sellSlot: number, untilUs: number): void {
    const index = buySlot * this.slots + sellSlot
    this.until[index] = Math.max(this.until[index]!, untilUs)
  }

  isResting(buySlot: number, sellSlot: number, nowUs: number): boolean {
    return nowUs < this.until[buySlot * this.slots + sellSlot]!
  }
}
