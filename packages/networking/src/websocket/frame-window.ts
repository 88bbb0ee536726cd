const nothing = Buffer.alloc(0)

/**
 * A message where it lies in the bytes of its socket. One object serves all messages and its bytes are written over by
 * the next ones, so it is valid during the call that brings it; whoever needs it longer takes a `copy`.
 */
export class FrameWindow {
  bytes: Buffer = nothing
  /** Where the message begins in `bytes`. */
  start = 0
  /** Where the next begins. */
  end = 0
  isBinary = false

  get length(): number {
    return this.end - this.start
  }

  /** The message as text; bytes that are no UTF-8 become U+FFFD. */
  toString(): string {
    return this.bytes.toString('utf8', this.start, this.end)
  }

  /** The message as a buffer of its own length, over the same bytes and no longer valid than they are. */
  view(): Buffer {
    return this.bytes.subarray(this.start, this.end)
  }

  /** The message for keeps. */
  copy(): Buffer {
    return Buffer.from(this.view())
  }

  /** Points to a message. */
  set(bytes: Buffer, start: number, end: number, isBinary: boolean): this {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.isBinary = isBinary
    return this
  }
}
