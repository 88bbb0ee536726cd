/** Keeps at most `max` of however many items come: each, later every second, then every fourth, and always the last. */
export class Thinned<Item> {
  private kept: Item[] = []
  private newest: readonly Item[] = []
  private seen = 0
  private step = 1

  /** @param max - An even number. */
  constructor(private readonly max: number) {}

  add(item: Item): void {
    if (this.seen % this.step === 0 && this.kept.length === this.max) {
      this.kept = this.kept.filter((_, index) => index % 2 === 0)
      this.step *= 2
    }
    this.newest = [item]
    if (this.seen++ % this.step !== 0) return
    this.kept.push(item)
    this.newest = []
  }

  /** In the order in which they came. */
  items(): readonly Item[] {
    return [...this.kept, ...this.newest]
  }
}
