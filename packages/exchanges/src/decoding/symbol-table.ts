const slotsPerSymbol = 4
const smallestTable = 16
const fnvOffset = 0x811c9dc5
const fnvPrime = 0x01000193

/**
 * From the bytes of an exchange's symbol to a small integer, by open addressing: a hit makes no string and allocates
 * nothing. Indices are given in order of addition and never change.
 */
export class SymbolTable {
  private readonly names: Uint8Array[] = []
  private slots = new Int32Array(smallestTable).fill(-1)

  get size(): number {
    return this.names.length
  }

  /** The index of `symbol`, added when it is new. */
  add(symbol: string): number {
    const bytes = Buffer.from(symbol, 'utf8')
    const known = this.find(bytes, 0, bytes.length)
    if (known >= 0) return known
    this.names.push(bytes)
    if (this.names.length * slotsPerSymbol > this.slots.length) this.rebuild(this.slots.length * 2)
    else this.place(this.names.length - 1)
    return this.names.length - 1
  }

  /** The index of the symbol whose bytes are `from ≤ i < to`; -1 when it was never added. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.slots.length - 1
    let slot = hash(bytes, from, to) & mask
    for (;;) {
      const index = this.slots[slot]!
      if (index < 0) return -1
      const name = this.names[index]!
      if (name.length === to - from) {
        let at = 0
        while (at < name.length && name[at] === bytes[from + at]) at++
        if (at === name.length) return index
      }
      slot = (slot + 1) & mask
    }
  }

  private rebuild(capacity: number): void {
    this.slots = new Int32Array(capacity).fill(-1)
    for (let index = 0; index < this.names.length; index++) this.place(index)
  }

  private place(index: number): void {
    const mask = this.slots.length - 1
    const name = this.names[index]!
    let slot = hash(name, 0, name.length) & mask
    while (this.slots[slot] !== -1) slot = (slot + 1) & mask
    this.slots[slot] = index
  }
}

/** FNV-1a, its upper bits folded into the lower ones that choose the slot. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = fnvOffset | 0
  for (let i = from; i < to; i++) value = Math.imul(value ^ bytes[i]!, fnvPrime)
  return value ^ (value >>> 15)
}
