import type { Fill, InstrumentId } from '@cex-arbitrage/common'

/** Fills that a checkpoint carries: far more than a stream or a question repeats. */
const kept = 20_000

/** Remembers the newest fills and funding payments by instrument and id, in two generations, so that none is booked twice. */
export class SeenFills {
  private young = new Set<string>()
  private old = new Set<string>()

  constructor(private readonly generation = 65_536) {}

  /** Keys of the newest, oldest first: as many as can still come twice. */
  get newest(): readonly string[] {
    return [...this.old, ...this.young].slice(-kept)
  }

  /** Forgets all and takes these. */
  restore(keys: readonly string[]): void {
    this.old = new Set()
    this.young = new Set(keys)
  }

  /** Notes the fill; answers whether it was new. */
  add(fill: Fill): boolean {
    return this.addKey(`${fill.instrumentId} ${fill.fillId}`)
  }

  /** Notes a funding payment; answers whether it was new. */
  addPayment(instrumentId: InstrumentId, id: string): boolean {
    return this.addKey(`${instrumentId} funding ${id}`)
  }

  private addKey(key: string): boolean {
    if (this.young.has(key) || this.old.has(key)) return false
    if (this.young.size >= this.generation) {
      this.old = this.young
      this.young = new Set()
    }
    this.young.add(key)
    return true
  }
}
