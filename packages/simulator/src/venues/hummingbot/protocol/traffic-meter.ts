import type { Clock } from '@cex-arbitrage/common'

/** What one server has seen of its clients' frames. */
export interface TrafficReport {
  /** Frames received, all connections. */
  readonly frames: number
  /** Most frames of one connection in any window of a second. */
  readonly peakFramesPerSecond: number
  /** Most requests of one connection that waited for their answer at once; `ping` and `authenticate` do not count. */
  readonly peakInFlight: number
  /** Frames whose id that connection had used before. */
  readonly repeatedIds: number
  /** Frames other than `authenticate` before its success. */
  readonly framesBeforeAuthentication: number
  /** Connections so far. */
  readonly connections: number
}

const windowUs = 1_000_000

/** Measures how clients keep to rate, concurrency and order; for all connections of a server. */
export class TrafficMeter {
  private readonly totals = {
    frames: 0,
    peakFramesPerSecond: 0,
    peakInFlight: 0,
    repeatedIds: 0,
    framesBeforeAuthentication: 0,
    connections: 0,
  }

  constructor(private readonly clock: Clock) {}

  get report(): TrafficReport {
    return { ...this.totals }
  }

  open(): ConnectionMeter {
    this.totals.connections++
    return new ConnectionMeter(this.clock, this.totals)
  }
}

type Totals = { -readonly [Name in keyof TrafficReport]: number }

/** The same for one connection. */
export class ConnectionMeter {
  private readonly receivedAtUs: number[] = []
  private readonly ids = new Set<string>()
  private inFlight = 0

  constructor(
    private readonly clock: Clock,
    private readonly totals: Totals,
  ) {}

  /** Counts a frame; returns how many came within the last second, this one included. */
  onFrame(id: string | undefined, isAuthenticated: boolean, type: string): number {
    const nowUs = this.clock.nowUs()
    this.receivedAtUs.push(nowUs)
    while (this.receivedAtUs[0]! <= nowUs - windowUs) this.receivedAtUs.shift()
    this.totals.frames++
    this.totals.peakFramesPerSecond = Math.max(this.totals.peakFramesPerSecond, this.receivedAtUs.length)
    if (!isAuthenticated && type !== 'authenticate') this.totals.framesBeforeAuthentication++
    if (id !== undefined && this.ids.has(id)) this.totals.repeatedIds++
    if (id !== undefined) this.ids.add(id)
    return this.receivedAtUs.length
  }

  /** Seconds until the oldest frame of the window leaves it. */
  get secondsToRoom(): number {
    return Math.max(0, (this.receivedAtUs[0] ?? 0) + windowUs - this.clock.nowUs()) / 1e6
  }

  begin(): void {
    this.inFlight++
    this.totals.peakInFlight = Math.max(this.totals.peakInFlight, this.inFlight)
  }

  end(): void {
    this.inFlight--
  }
}
