/** A newer interval counts so much in the typical one. */
const weight = 1 / 16
/** Frames before a rhythm is believed. */
const learntFrames = 32

/** How often the frames of one book come. Counts; asks no clock and keeps no list. */
export class FrameRhythm {
  /** Frames since the stream became ready. */
  frames = 0
  /** Monotonic microseconds of the last frame. */
  lastAtUs = Number.NEGATIVE_INFINITY
  private typicalUs = 0

  /** Typical microseconds between two frames; infinite while too few have come. */
  get intervalUs(): number {
    return this.frames < learntFrames ? Number.POSITIVE_INFINITY : this.typicalUs
  }

  onFrame(receivedAtUs: number): void {
    if (this.frames > 0) this.typicalUs += (receivedAtUs - this.lastAtUs - this.typicalUs) * weight
    this.frames++
    this.lastAtUs = receivedAtUs
  }

  /** The stream begins anew. */
  reset(): void {
    this.frames = 0
    this.typicalUs = 0
    this.lastAtUs = Number.NEGATIVE_INFINITY
  }
}
