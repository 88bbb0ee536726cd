import { ConfigurationException } from '@cex-arbitrage/common'
import type { RateRequest } from './rate-limiter.js'
import type { RateCost, RateWindowSpec } from './rate-window-spec.js'
import { RateWindow } from './rate-window.js'
import { isPrivileged, priorityRankCount } from './request-priority.js'

/** What a request takes from one window, looked up. */
export interface WindowShare {
  readonly window: RateWindow
  readonly weight: number
}

/** Keyed windows beyond which idle ones are forgotten. */
const maxIdleWindows = 4_096

/** The windows of a limiter by name and key; keyed ones are made when first needed. */
export class RateWindows {
  private readonly specs = new Map<string, RateWindowSpec>()
  private readonly windows = new Map<string, RateWindow>()
  private readonly pausedUntilUs = new Map<string, number>()

  /** @throws ConfigurationException when a limit makes no sense. */
  constructor(specs: readonly RateWindowSpec[]) {
    for (const spec of specs) {
      assertUsable(spec)
      if (this.specs.has(spec.name)) throw problem(`Rate window '${spec.name}' is declared twice.`)
      this.specs.set(spec.name, spec)
    }
  }

  /** @throws ConfigurationException when a window is not declared, or can never give that weight. */
  resolve(request: RateRequest, nowUs: number): WindowShare[] {
    const privileged = isPrivileged(request.priority)
    return request.costs.map((cost) => {
      const window = this.get(cost.window, cost.key, nowUs)
      const weight = getWeight(cost)
      if (weight > window.getLargestWeight(privileged))
        throw problem(
          `A ${request.priority} request of weight ${weight} can never pass rate window '${cost.window}', ` +
            `which gives at most ${window.getLargestWeight(privileged)}. Raise the capacity or lower the reserve.`,
        )
      return { window, weight }
    })
  }

  get(name: string, key: string | undefined, nowUs: number): RateWindow {
    const id = key === undefined ? name : `${name}\n${key}`
    const existing = this.windows.get(id)
    if (existing !== undefined) return existing
    const spec = this.specs.get(name)
    if (spec === undefined) throw problem(`Rate window '${name}' is not declared.`)
    if (this.windows.size >= maxIdleWindows) this.forgetIdle(nowUs)
    const window = new RateWindow(spec, priorityRankCount)
    window.pauseUntil(this.pausedUntilUs.get(name) ?? 0)
    this.windows.set(id, window)
    return window
  }

  /** Pauses all windows of that name, whatever their key, those made later included. */
  pauseAllOf(name: string, untilUs: number): void {
    this.pausedUntilUs.set(name, Math.max(untilUs, this.pausedUntilUs.get(name) ?? 0))
    for (const window of this.windows.values()) if (window.spec.name === name) window.pauseUntil(untilUs)
  }

  get names(): readonly string[] {
    return [...this.specs.keys()]
  }

  private forgetIdle(nowUs: number): void {
    for (const [id, window] of this.windows) if (window.isIdle(nowUs)) this.windows.delete(id)
  }
}

function getWeight(cost: RateCost): number {
  const weight = cost.weight ?? 1
  if (!Number.isFinite(weight) || weight < 0)
    throw problem(`Weight ${weight} on rate window '${cost.window}' is no weight.`)
  return weight
}

function assertUsable(spec: RateWindowSpec): void {
  const reserve = spec.reserve ?? 0
  const isUsable =
    spec.capacity > 0 &&
    spec.intervalMs > 0 &&
    (spec.marginMs ?? 0) >= 0 &&
    (spec.burst ?? 1) > 0 &&
    reserve >= 0 &&
    reserve < spec.capacity
  if (!isUsable)
    throw problem(
      `Rate window '${spec.name}' needs positive capacity, interval and burst, and a reserve below its capacity.`,
    )
}

const problem = (message: string): ConfigurationException => new ConfigurationException({ message })
