import type { Clock } from '@cex-arbitrage/common'

import type { RateLimiter, RateRule, RateVerdict } from '../../server/rate-limiter.js'
import type { RestResponse } from '../../server/rest-exchange.js'
import { errorBody, mexcErrors } from './api-error.js'
import type { MexcRateLimits } from './settings.js'

/** The HTML with which the firewall in front of the venue answers, for the whole host and without `Retry-After`. */
export const firewallResponse: RestResponse = {
  status: 403,
  body: '<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD></HTML>',
  contentType: 'text/html',
}

const banStatus = 418
const tooManyStatus = 429

interface Offender {
  refusals: number
  bans: number
  bannedUntilMs: number
}

/** All request limits of the venue: pools per address and account, and the bans of those who go on asking. */
export class RateGate {
  private readonly offenders = new Map<string, Offender>()

  constructor(
    private readonly clock: Clock,
    private readonly limiter: RateLimiter,
    private readonly limits: MexcRateLimits,
  ) {}

  /** Spends a request's weight from its address; the refusal when there is none left. */
  admitAddress(ip: string, weight: number): RestResponse | undefined {
    const offender = this.offenders.get(ip)
    const nowMs = this.clock.nowMs()
    if (offender !== undefined && nowMs < offender.bannedUntilMs)
      return tooMany(banStatus, offender.bannedUntilMs - nowMs)
    const { firewall, ipWeight } = this.limits
    if (firewall !== null && !this.limiter.take(`firewall:${ip}`, firewall).allowed) return firewallResponse
    if (ipWeight === null) return undefined
    const verdict = this.limiter.take(`ip:${ip}`, ipWeight, weight)
    if (verdict.allowed) return undefined
    return this.refuse(ip, verdict)
  }

  /** Spends one request from each of an account's pools. */
  admitAccount(accountId: string, ip: string, pools: readonly AccountPool[]): RestResponse | undefined {
    for (const pool of pools) {
      const rule: RateRule | null = this.limits[pool]
      if (rule === null) continue
      const verdict = this.limiter.take(`${pool}:${accountId}`, rule)
      if (!verdict.allowed) return this.refuse(ip, verdict)
    }
    return undefined
  }

  private refuse(ip: string, { resetAtMs }: RateVerdict): RestResponse {
    const offender = this.offenders.get(ip) ?? { refusals: 0, bans: 0, bannedUntilMs: 0 }
    this.offenders.set(ip, offender)
    const nowMs = this.clock.nowMs()
    if (++offender.refusals >= this.limits.refusalsUntilBan) {
      const banMs = Math.min(this.limits.maxBanMs, this.limits.firstBanMs * 2 ** offender.bans)
      offender.refusals = 0
      offender.bans++
      offender.bannedUntilMs = nowMs + banMs
    }
    return tooMany(tooManyStatus, resetAtMs - nowMs)
  }
}

export type AccountPool = 'uid' | 'orders' | 'batchOrders' | 'account'

export function tooMany(status: number, waitMs: number): RestResponse {
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) }
  return { status, body: errorBody(mexcErrors.tooManyRequests), headers }
}
