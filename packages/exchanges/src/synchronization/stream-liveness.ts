/** What is known of the connections of one feed: which of them stand, on which socket, and how often they came back. */
export class StreamLiveness {
  /** Sockets that have stood, of all connections. */
  epochs = 0
  /** Sockets that came after the loss of another. */
  reconnects = 0
  private readonly streams = new Map<string, { epoch: number; isLive: boolean }>()

  /** There are connections, and all of them stand. */
  get connected(): boolean {
    return this.streams.size > 0 && [...this.streams.values()].every(({ isLive }) => isLive)
  }

  /** A connection is wanted from now on. */
  add(name: string): void {
    this.streams.set(name, { epoch: 0, isLive: false })
  }

  /** A connection is wanted no more. */
  remove(name: string): void {
    this.streams.delete(name)
  }

  /** Whether this socket is the one that the connection uses. */
  stands(name: string, epoch: number): boolean {
    const stream = this.streams.get(name)
    return stream?.isLive === true && stream.epoch === epoch
  }

  /** @returns whether the socket takes over from one that still stands. */
  onEpochStart(name: string, epoch: number): boolean {
    const before = this.streams.get(name)
    const isTakeover = before?.isLive === true
    this.epochs++
    if (before !== undefined && before.epoch > 0 && !isTakeover) this.reconnects++
    this.streams.set(name, { epoch, isLive: true })
    return isTakeover
  }

  /** @returns whether the connection used this socket; the old one of a rotation it does not. */
  onEpochEnd(name: string, epoch: number): boolean {
    const stream = this.streams.get(name)
    if (stream?.epoch !== epoch) return false
    stream.isLive = false
    return true
  }

  /** None stands any more. */
  close(): void {
    for (const stream of this.streams.values()) stream.isLive = false
  }
}
