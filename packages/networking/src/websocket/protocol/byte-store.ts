const leastBytes = 4_096
const keptBytes = 65_536
const nothing = Buffer.alloc(0)

/** Bytes put together piece by piece. Room grows with what has come, never with what was announced. */
export class ByteStore {
  bytes: Buffer = nothing
  length = 0

  append(source: Buffer, start: number, end: number): void {
    const length = this.length + end - start
    if (length > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.bytes.length, leastBytes))
      this.bytes.copy(grown, 0, 0, this.length)
      this.bytes = grown
    }
    source.copy(this.bytes, this.length, start, end)
    this.length = length
  }

  /** Empties it; what an unusually large content took is given back. */
  clear(): void {
    this.length = 0
    if (this.bytes.length > keptBytes) this.bytes = nothing
  }
}
