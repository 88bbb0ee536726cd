import { BookChanges } from '@cex-arbitrage/common'

/** A frame kept until a snapshot comes. */
export interface BufferedFrame {
  readonly changes: BookChanges
  readonly receivedAtUs: number
}

/** Copies of the frames that arrive while a book has no snapshot, oldest first. */
export class FrameBuffer {
  private frames: BufferedFrame[] = []

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.frames.length
  }

  push(changes: BookChanges, receivedAtUs: number): void {
    if (this.frames.length === this.capacity) this.frames.shift()
    this.frames.push({ changes: copyOf(changes), receivedAtUs })
  }

  at(index: number): BufferedFrame {
    return this.frames[index]!
  }

  /** Forgets the oldest `count` frames. */
  drop(count: number): void {
    this.frames.splice(0, count)
  }

  clear(): void {
    this.frames = []
  }
}

function copyOf(from: BookChanges): BookChanges {
  const copy = new BookChanges(from.askEnd)
  copy.priceTicks.set(from.priceTicks.subarray(0, from.askEnd))
  copy.quantityLots.set(from.quantityLots.subarray(0, from.askEnd))
  copy.bidEnd = from.bidEnd
  copy.askEnd = from.askEnd
  copy.firstSequence = from.firstSequence
  copy.lastSequence = from.lastSequence
  copy.exchangeTimeMs = from.exchangeTimeMs
  copy.isSnapshot = from.isSnapshot
  return copy
}
