import type { FaultRule } from '../../faults/fault-rule.js'
import type { RestResponse } from '../../server/rest-exchange.js'
import { firewallResponse, tooMany } from './rate-gate.js'

const defaultStatus = 503

/** Bodies of the venue's own failures, by status. */
const failures: Readonly<Record<number, string>> = {
  500: 'Internal error',
  501: 'System busy',
  503: 'service not available, please try again',
  504: 'Gateway Time-out',
}

const maintenance = { code: 801, msg: 'System under maintenance' }
const htmlFailure = (status: number): string => `<html><head><title>${status}</title></head><body></body></html>`

/** Words a fault as the venue does: 429 in JSON or the firewall's HTML, failures in JSON or a proxy's HTML. */
export function renderFault(rule: FaultRule): RestResponse {
  if (rule.kind === 'rate_limited') {
    if (rule.mode === 'html') return firewallResponse
    const { headers, ...response } = tooMany(rule.status ?? 429, (rule.retryAfterS ?? 0) * 1000)
    return rule.retryAfterS === undefined || headers === undefined ? response : { ...response, headers }
  }
  if (rule.kind === 'maintenance') return { status: rule.status ?? defaultStatus, body: maintenance }
  const status = rule.status ?? defaultStatus
  if (rule.mode === 'html') return { status, body: htmlFailure(status), contentType: 'text/html' }
  return { status, body: { code: status, msg: failures[status] ?? 'Internal error' } }
}
