import { usPerMs, type Clock } from '@cex-arbitrage/common'
import type { ServerTime } from '../structs/server-time.js'

/** Measurements kept; the one with the shortest way there and back is believed. */
const keptMeasurements = 8
/** A measurement older than this no longer counts against newer ones, since clocks drift. */
const measurementLifetimeUs = 10 * 60 * 1_000_000
/** Two measurements further apart than their errors and this much show that one of the clocks was set. */
const driftAllowanceMs = 5

interface Measurement extends ServerTime {
  /** Their clock minus our monotonic one, in milliseconds. */
  readonly anchorMs: number
  readonly atUs: number
}

/**
 * Estimates an exchange's clock from request round trips: their time is taken to be read halfway, so the error is at most
 * half the round trip, and of several measurements the quickest counts. It stands on our monotonic clock, so a step of
 * the wall clock does not move it.
 */
export class ServerClock {
  private measurements: Measurement[] = []
  private best: Measurement | undefined
  private readonly listeners: ((quickestWayUs: number, measuredAtUs: number) => void)[] = []

  constructor(private readonly clock: Clock) {}

  /** Monotonic microseconds since the last measurement; infinite before the first. */
  get ageUs(): number {
    const last = this.measurements.at(-1)
    return last === undefined ? Number.POSITIVE_INFINITY : this.clock.nowUs() - last.atUs
  }

  /** The measurement believed at the moment; `undefined` before the first. */
  get estimate(): ServerTime | undefined {
    return this.best
  }

  /** What to add to our wall clock to get theirs, in milliseconds; 0 before the first measurement. */
  get offsetMs(): number {
    return this.best === undefined ? 0 : this.nowMs() - this.clock.nowMs()
  }

  /**
   * How quick a message of theirs can be at best: the least difference, in microseconds, between our monotonic time of its
   * arrival and their time of its sending. `undefined` before the first measurement.
   */
  get quickestWayUs(): number | undefined {
    if (this.best === undefined) return undefined
    return -(this.best.anchorMs + this.best.roundTripMs / 2 + driftAllowanceMs) * usPerMs
  }

  /** Told `quickestWayUs` after each measurement. */
  onMeasurement(listener: (quickestWayUs: number, measuredAtUs: number) => void): void {
    this.listeners.push(listener)
  }

  /** Their clock now, Unix milliseconds with a fraction; our wall clock before the first measurement. */
  nowMs(): number {
    return this.best === undefined ? this.clock.nowMs() : this.best.anchorMs + this.clock.nowUs() / usPerMs
  }

  /** What was measured so far is wrong: it stays in force until the next measurement, which counts whatever it says. */
  distrust(): void {
    this.measurements = []
  }

  /** Takes one round trip: monotonic microseconds of sending and receiving, and the time they answered. */
  onMeasured(sentAtUs: number, receivedAtUs: number, exchangeTimeMs: number): ServerTime {
    const halfwayUs = (sentAtUs + receivedAtUs) / 2
    const wallAtHalfwayMs = this.clock.nowMs() - (this.clock.nowUs() - halfwayUs) / usPerMs
    const measured: Measurement = {
      exchangeTimeMs,
      offsetMs: exchangeTimeMs - wallAtHalfwayMs,
      roundTripMs: (receivedAtUs - sentAtUs) / usPerMs,
      anchorMs: exchangeTimeMs - halfwayUs / usPerMs,
      atUs: receivedAtUs,
    }
    const recent = this.measurements.filter(
      (each) => receivedAtUs - each.atUs < measurementLifetimeUs && agree(each, measured),
    )
    this.measurements = [...recent, measured].slice(-keptMeasurements)
    this.best = this.measurements.reduce((best, each) => (each.roundTripMs < best.roundTripMs ? each : best))
    for (const listener of this.listeners) listener(this.quickestWayUs!, receivedAtUs)
    return measured
  }

  /**
   * Measures several times, one after the other, and answers the best. Throws what `fetchTimeMs` throws when every try
   * failed.
   */
  async measure(fetchTimeMs: () => Promise<number>, times = 3): Promise<ServerTime> {
    let failure: unknown
    let best: ServerTime | undefined
    for (let i = 0; i < times; i++) {
      const sentAtUs = this.clock.nowUs()
      try {
        const exchangeTimeMs = await fetchTimeMs()
        const measured = this.onMeasured(sentAtUs, this.clock.nowUs(), exchangeTimeMs)
        if (best === undefined || measured.roundTripMs < best.roundTripMs) best = measured
      } catch (error) {
        failure = error
      }
    }
    if (best === undefined) throw failure as Error
    return best
  }
}

function agree(a: Measurement, b: Measurement): boolean {
  return Math.abs(a.anchorMs - b.anchorMs) <= (a.roundTripMs + b.roundTripMs) / 2 + driftAllowanceMs
}
