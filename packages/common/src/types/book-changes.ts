/**
 * Scratch space into which a decoder reads one frame: bids in `[0, bidEnd)`, asks in `[bidEnd, askEnd)`. One instance is
 * reused for every frame; its content is valid until the next one is decoded.
 */
export class BookChanges {
  readonly priceTicks: Float64Array
  readonly quantityLots: Float64Array
  bidEnd = 0
  askEnd = 0
  /** First and last number of the exchange's counter that the frame covers. */
  firstSequence = 0
  lastSequence = 0
  exchangeTimeMs = 0
  /** The frame holds the whole book, not a change to it. */
  isSnapshot = false

  constructor(readonly capacity = 8192) {
    this.priceTicks = new Float64Array(capacity)
    this.quantityLots = new Float64Array(capacity)
  }
}
