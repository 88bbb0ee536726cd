const fnvOffset = 0x811c9dc5
const fnvPrime = 16_777_619
const encoder = new TextEncoder()

/**
 * Exchange symbols to small integers, straight from the bytes of a frame: open addressing, no string is made. Ids are
 * given in order of adding and never reused.
 */
export class SymbolTable {
  private slots: Int32Array
  private mask: number
  private readonly names: Uint8Array[] = []

  constructor(symbols: Iterable<string> = []) {
    this.slots = new Int32Array(16).fill(-1)
    this.mask = 15
    for (const symbol of symbols) this.add(symbol)
  }

  get size(): number {
    return this.names.length
  }

  /** The id of a symbol, given now if it has none. */
  add(symbol: string): number {
    const name = encoder.encode(symbol)
    const present = this.find(name, 0, name.length)
    if (present >= 0) return present
    const id = this.names.push(name) - 1
    if (this.names.length * 4 > this.slots.length) this.grow()
    else this.place(id)
    return id
  }

  /** The id of the symbol whose UTF-8 text is `bytes[start, end)`; -1 for an unknown one. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    let slot = hash(bytes, start, end) & this.mask
    for (;;) {
      const id = this.slots[slot]!
      if (id < 0) return -1
      const name = this.names[id]!
      if (name.length === length) {
        let i = 0
        while (i < length && name[i] === bytes[start + i]) i++
        if (i === length) return id
      }
      slot = (slot + 1) & this.mask
    }
  }

  private place(id: number): void {
    const name = this.names[id]!
    let slot = hash(name, 0, name.length) & this.mask
    while (this.slots[slot]! >= 0) slot = (slot + 1) & this.mask
    this.slots[slot] = id
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 4).fill(-1)
    this.mask = this.slots.length - 1
    for (let id = 0; id < this.names.length; id++) this.place(id)
  }
}

function hash(bytes: Uint8Array, start: number, end: number): number {
  let state = fnvOffset | 0
  for (let i = start; i < end; i++) state = Math.imul(state ^ bytes[i]!, fnvPrime)
  return state ^ (state >>> 15)
}
