import {
  AuthenticationException,
  ClockSkewException,
  ExchangeDataException,
  ExchangeRequestException,
  ExchangeUnavailableException,
  InsufficientFundsException,
  MarketClosedException,
  OrderNotFoundException,
  OrderRejectedException,
  PermissionException,
  RateLimitException,
  SymbolException,
  asCorrelationId,
} from '@cex-arbitrage/common'
import type { RawResponse } from '@cex-arbitrage/networking'
import { describe, expect, it } from 'vitest'
import { readFixture } from '../../testing/read-fixture.js'
import {
  categorizeMexcCode,
  categorizeMexcStatus,
  mapMexcError,
  mexcErrorCodes,
  type MexcErrorCategory,
  type MexcEnvelope,
} from './error-map.js'

interface ErrorRow {
  readonly code: number
  readonly message: string
  readonly category: MexcErrorCategory
}
interface Vectors {
  readonly errors: {
    readonly spot: readonly ErrorRow[]
    readonly futures: readonly ErrorRow[]
    readonly messageOverrides: readonly {
      readonly code: number
      readonly messageContains: string
      readonly category: MexcErrorCategory
    }[]
    readonly samples: readonly {
      readonly httpStatus: number
      readonly body: string
      readonly category: MexcErrorCategory
    }[]
  }
}

const { errors } = readFixture<Vectors>(import.meta.url, './fixtures/vectors.json')
const classes = {
  auth: AuthenticationException,
  permission: PermissionException,
  insufficient_funds: InsufficientFundsException,
  invalid_order: ExchangeRequestException,
  order_not_found: OrderNotFoundException,
  rate_limit: RateLimitException,
  market_closed: MarketClosedException,
  timestamp: ClockSkewException,
  server_error: ExchangeUnavailableException,
  invalid_symbol: SymbolException,
} as const satisfies Record<MexcErrorCategory, unknown>

const answer = (status: number, bodyText: string, more: Partial<RawResponse> = {}): RawResponse => ({
  status,
  bodyText,
  headers: {},
  method: 'GET',
  path: '/api/v3/depth',
  endpoint: 'GET /api/v3/depth',
  correlationId: asCorrelationId('c-1'),
  nowMs: 0,
  ...more,
})
const order = { method: 'POST', path: '/api/v3/order', endpoint: 'POST /api/v3/order' } as const

describe('categorizeMexcCode', () => {
  const rows = (['spot', 'futures'] as const).flatMap((envelope) =>
    errors[envelope].map((row) => ({ envelope, ...row })),
  )

  it.each(rows)('knows $envelope code $code as $category', ({ envelope, code, category }) => {
    expect(categorizeMexcCode(envelope, code, '')).toBe(category)
  })

  it.each(errors.messageOverrides)('lets the text of $code decide: $messageContains', (row) => {
    expect(categorizeMexcCode('spot', row.code, `Some ${row.messageContains} text`)).toBe(row.category)
  })

  it('has no code beyond the vectors', () => {
    for (const envelope of ['spot', 'futures'] satisfies MexcEnvelope[])
      expect(new Set(mexcErrorCodes(envelope))).toEqual(new Set(errors[envelope].map(({ code }) => code)))
  })
})

describe('categorizeMexcStatus', () => {
  it.each([
    [401, true, 'auth'],
    [403, true, 'permission'],
    [403, false, 'rate_limit'],
    [418, true, 'rate_limit'],
    [429, false, 'rate_limit'],
    [502, false, 'server_error'],
    [408, false, 'server_error'],
    [404, true, 'invalid_order'],
  ] as const)('takes %i (JSON: %s) for %s', (status, isJson, category) => {
    expect(categorizeMexcStatus(status, isJson)).toBe(category)
  })
})

describe('mapMexcError', () => {
  it.each(errors.samples)('maps the captured answer $body', ({ httpStatus, body, category }) => {
    const error = mapMexcError(answer(httpStatus, body))
    expect(error).toBeInstanceOf(classes[category])
    expect(error).toMatchObject({ exchange: 'mexc', httpStatus, correlationId: 'c-1' })
  })

  it.each([
    '{"orderId":"C02__1","transactTime":1}',
    '{"code":0,"msg":"success","data":{}}',
    '{"code":200,"msg":null,"data":["MXUSDT"]}',
    '[{"code":30002}]',
    `{"code":30002,"pad":"${'x'.repeat(3_000)}"}`,
    '{"code":"text"}',
    '{"code":',
  ])('takes the successful answer %.40s for none', (body) => {
    expect(mapMexcError(answer(200, body))).toBeUndefined()
  })

  it('takes an error that comes with HTTP 200', () => {
    expect(mapMexcError(answer(200, '{"msg":"参数错误","code":600}'))).toBeInstanceOf(ExchangeRequestException)
    expect(mapMexcError(answer(200, '{"msg":"new","code":987654}'))).toBeInstanceOf(ExchangeRequestException)
  })

  it('calls a refused order rejected, with the code of the exchange', () => {
    const error = mapMexcError(answer(400, '{"msg":" amount scale is invalid","code":400}', order))
    expect(error).toBeInstanceOf(OrderRejectedException)
    expect(error).toMatchObject({ exchangeCode: '400', recovery: 'reject' })
    expect(error?.message).toContain('amount scale is invalid')
  })

  it('never calls an order refused on a 5xx, whatever its body says', () => {
    const error = mapMexcError(answer(503, '{"code":30004,"msg":"Insufficient position"}', order))
    expect(error).toBeInstanceOf(ExchangeUnavailableException)
    expect(error?.recovery).toBe('reconcile')
  })

  it('leaves an order open to doubt when the refusal cannot be read', () => {
    expect(mapMexcError(answer(400, '<html>', order))).toBeInstanceOf(ExchangeDataException)
    expect(mapMexcError(answer(400, '<html>'))).toBeInstanceOf(ExchangeRequestException)
  })

  it('goes by the status for a code that it does not know', () => {
    expect(mapMexcError(answer(401, '{"code":987654,"msg":"?"}'))).toBeInstanceOf(AuthenticationException)
  })

  it('pauses as long as the exchange says, and a minute for the firewall', () => {
    const limited = answer(429, '{"code":429,"msg":"Too Many Requests"}', { headers: { 'retry-after': '7' } })
    expect(mapMexcError(limited)).toMatchObject({ retryAfterMs: 7_000 })
    expect(mapMexcError({ ...limited, headers: {} })).toMatchObject({ retryAfterMs: undefined })
    expect(mapMexcError(answer(403, '<HTML>Access Denied</HTML>', order))).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 60_000,
    })
  })
})
