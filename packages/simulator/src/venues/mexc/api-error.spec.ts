import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import {
  aboveMaximum,
  belowMinimum,
  errorBody,
  invalidScale,
  ipNotAllowed,
  mexcErrors,
  missingParameter,
} from './api-error.js'
import { firewallResponse } from './rate-gate.js'

interface ErrorFixture {
  readonly spot: readonly { readonly code: number; readonly message: string }[]
  readonly samples: readonly { readonly httpStatus: number; readonly body: string }[]
}

const fixture = JSON.parse(readFileSync(new URL('./fixtures/errors.json', import.meta.url), 'utf8')) as ErrorFixture

describe('errorBody', () => {
  it('spells every sample body that this venue can answer', () => {
    const refusals = [
      ...Object.values(mexcErrors),
      invalidScale('amount'),
      belowMinimum('1', 'USDT'),
      missingParameter('signature'),
    ]
    const bodies = new Map(refusals.map((error) => [errorBody(error), error.status]))
    bodies.set(String(firewallResponse.body), firewallResponse.status)
    for (const { body, httpStatus } of fixture.samples) expect([body, bodies.get(body)]).toEqual([body, httpStatus])
  })

  it('uses codes and texts of the published list alone', () => {
    const listed = new Map(fixture.spot.map(({ code, message }) => [code, message]))
    for (const { code, msg } of Object.values(mexcErrors)) expect(listed.get(code)).toContain(msg)
  })

  it('carries numbers and names inside its texts', () => {
    expect(errorBody(belowMinimum('1', 'USDT'))).toContain('cannot be less than：1USDT')
    expect(errorBody(aboveMaximum('5', 'BTC'))).toContain('cannot be greater than：5BTC')
    expect(errorBody(ipNotAllowed('10.0.0.1'))).toContain('IP [10.0.0.1] not in the whitelist')
    expect(JSON.parse(errorBody(mexcErrors.badCombination))).toMatchObject({ code: -1128, _extend: null })
  })
})
