// Synthetic order-book traffic: one simulated book a symbol, frames of contiguous level changes, so that whoever applies a
// segment to its snapshot must arrive at a known book. 70 % of the changes fall within 20 ticks of the touch.

/** @typedef {[price: string, quantity: string]} Level */
/** @typedef {{ from: number, to: number, bids: Level[], asks: Level[] }} BookUpdate */
/** @typedef {{ sequence: number, bids: Level[], asks: Level[] }} BookState */

/** Share of the price steps of a side that are filled in the steady state. */
const fill = 0.714
const nearTicks = 20
const nearShare = 0.7
const maxWalkTicks = 500

/** @param {number} seed */
export function createRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A book that changes step by step. */
export class SimulatedBook {
  bids = new Map()
  asks = new Map()
  sequence

  /** @param {{ depth: number, maxLevels: number, seed: number, price: number, priceDecimals: number, quantityDecimals: number }} options */
  constructor(options) {
    this.options = options
    this.random = createRandom(options.seed * 7_919 + 17)
    this.steps = Math.max(4, Math.round(options.depth / fill))
    this.middle = Math.round(options.price * 10 ** options.priceDecimals)
    this.firstMiddle = this.middle
    this.sequence = 1e9 + options.seed * 1_000
    for (let away = 1; away <= this.steps; away++) {
      if (away === 1 || this.random() < fill) this.bids.set(this.middle - away, this.quantity())
      if (away === 1 || this.random() < fill) this.asks.set(this.middle + away, this.quantity())
    }
  }

  /** @returns {BookUpdate} */
  step() {
    const from = this.sequence + 1
    const bids = new Map()
    const asks = new Map()
    if (this.random() < 0.1) this.walk(bids, asks)
    this.change(this.bids, -1, bids)
    this.change(this.asks, 1, asks)
    this.sequence = from + bids.size + asks.size - 1 + Math.floor(this.random() * 3)
    return { from, to: this.sequence, bids: this.levels(bids, -1), asks: this.levels(asks, 1) }
  }

  /** @returns {BookState} */
  read() {
    return { sequence: this.sequence, bids: this.levels(this.bids, -1), asks: this.levels(this.asks, 1) }
  }

  /** The middle moves one tick; what it runs over goes away. */
  walk(bids, asks) {
    const direction = this.random() < 0.5 ? -1 : 1
    if (Math.abs(this.middle + direction - this.firstMiddle) >= maxWalkTicks) return
    this.middle += direction
    const [run, runChanges, far, farChanges] =
      direction > 0 ? [this.asks, asks, this.bids, bids] : [this.bids, bids, this.asks, asks]
    if (run.delete(this.middle)) runChanges.set(this.middle, 0)
    const last = this.middle - direction * (this.steps + 1)
    if (far.delete(last)) farChanges.set(last, 0)
  }

  change(side, sign, changes) {
    const count = 1 + Math.floor(this.random() * this.options.maxLevels)
    for (let i = 0; i < count; i++) {
      const near = this.random() < nearShare
      const away = Math.floor((near ? this.random() * Math.min(nearTicks, this.steps) : this.steps) * this.random())
      const ticks = this.middle + sign * (1 + away)
      if (changes.has(ticks)) continue
      const quantity = side.has(ticks) && this.random() < 0.4 ? 0 : this.quantity()
      if (quantity === 0) side.delete(ticks)
      else side.set(ticks, quantity)
      changes.set(ticks, quantity)
    }
  }

  quantity() {
    return 1 + Math.floor(this.random() * this.random() * 2e6)
  }

  /** @returns {Level[]} best first */
  levels(side, sign) {
    const { priceDecimals, quantityDecimals } = this.options
    return [...side]
      .toSorted(([a], [b]) => sign * (a - b))
      .map(([ticks, quantity]) => [decimal(ticks, priceDecimals), decimal(quantity, quantityDecimals)])
  }
}

function decimal(steps, decimals) {
  const text = (steps / 10 ** decimals).toFixed(decimals)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/**
 * Frames of one symbol in segments, each with the book before it.
 *
 * @param {{ encode: (update: BookUpdate, timeMs: number) => Buffer, segments: number, perSegment: number, depth?: number, maxLevels?: number, priceDecimals?: number, quantityDecimals?: number }} options
 */
export function createTraffic({
  encode,
  segments,
  perSegment,
  depth = 100,
  maxLevels = 40,
  priceDecimals = 2,
  quantityDecimals = 5,
}) {
  const book = new SimulatedBook({
    depth,
    maxLevels,
    seed: 1,
    price: 63_000,
    priceDecimals,
    quantityDecimals,
  })
  const frames = []
  const snapshots = []
  let levels = 0
  let bytes = 0
  for (let segment = 0; segment < segments; segment++) {
    snapshots.push(book.read())
    for (let i = 0; i < perSegment; i++) {
      const update = book.step()
      const frame = encode(update, 1_755_000_000_000 + frames.length * 7)
      frames.push(frame)
      levels += update.bids.length + update.asks.length
      bytes += frame.length
    }
  }
  snapshots.push(book.read())
  return { frames, snapshots, levelsPerFrame: levels / frames.length, bytesPerFrame: bytes / frames.length }
}
