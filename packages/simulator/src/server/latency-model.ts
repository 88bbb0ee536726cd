import type { Random } from '@cex-arbitrage/common'

/** Milliseconds, each with the same relative jitter. All 0 when absent. */
export interface LatencyOptions {
  /** From receiving a request to acting on it. */
  readonly requestMs?: number
  /** From acting to the answer. */
  readonly ackMs?: number
  /** From an execution or balance change to its private push. */
  readonly fillMs?: number
  /** From a market event to its public push. */
  readonly streamMs?: number
  /** 0.2 spreads each delay over ±20 %. */
  readonly jitter?: number
}

export type LatencyKind = 'request' | 'ack' | 'fill' | 'stream'

/** Draws delays, reproducible with a seeded source. */
export class LatencyModel {
  private readonly meansMs: Record<LatencyKind, number>
  private readonly jitter: number

  constructor(
    options: LatencyOptions,
    private readonly random: Random,
  ) {
    this.meansMs = {
      request: options.requestMs ?? 0,
      ack: options.ackMs ?? 0,
      fill: options.fillMs ?? 0,
      stream: options.streamMs ?? 0,
    }
    this.jitter = options.jitter ?? 0
  }

  /** Milliseconds. */
  drawMs(kind: LatencyKind): number {
    const meanMs = this.meansMs[kind]
    return meanMs === 0 ? 0 : meanMs * (1 + this.jitter * (this.random.next() * 2 - 1))
  }
}
