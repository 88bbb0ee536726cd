import { msPerSecond, usPerMs, type Clock } from '@cex-arbitrage/common'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface RequestRateOptions {
  readonly clock: Clock
  /** Requests of one address that may come at once, and how many come back each second. */
  readonly burst: number
  readonly perSecond: number
}

interface Budget {
  left: number
  atUs: number
}

const maxAddresses = 1_000

/** Holds every address to its rate, so that a client gone wild cannot take the engine's time. `POST /halt` is never held. */
export class RequestRate {
  private readonly budgets = new Map<string, Budget>()

  constructor(private readonly options: RequestRateOptions) {}

  readonly check = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (request.method === 'POST' && request.url === '/halt') return undefined
    return this.take(request.ip)
      ? undefined
      : reply.code(429).header('retry-after', '1').send({ error: 'Too many requests from this address.' })
  }

  private take(address: string): boolean {
    const { clock, burst, perSecond } = this.options
    const nowUs = clock.nowUs()
    const budget = this.budgets.get(address) ?? { left: burst, atUs: nowUs }
    budget.left = Math.min(burst, budget.left + ((nowUs - budget.atUs) / (usPerMs * msPerSecond)) * perSecond)
    budget.atUs = nowUs
    // The address that was set first goes first; a flood of addresses must not fill the memory.
    if (this.budgets.size >= maxAddresses && !this.budgets.has(address))
      this.budgets.delete(this.budgets.keys().next().value!)
    this.budgets.set(address, budget)
    if (budget.left < 1) return false
    budget.left--
    return true
  }
}
