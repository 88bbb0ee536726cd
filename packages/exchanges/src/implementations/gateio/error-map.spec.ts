import { readFileSync } from 'node:fs'
import {
  AuthenticationException,
  ClockSkewException,
  ExchangeRequestException,
  ExchangeUnavailableException,
  InsufficientFundsException,
  MarketClosedException,
  OrderNotFoundException,
  OrderRejectedException,
  PermissionException,
  RateLimitException,
  SymbolException,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import {
  categorizeGateioChannelError,
  createUnreadableAnswer,
  gateioErrorLabels,
  mapGateioError,
  type GateioErrorCategory,
} from './error-map.js'

interface LabelVector {
  readonly label: string
  readonly http_status: number
  readonly category: GateioErrorCategory
  readonly hint?: string
}
interface ExampleVector {
  readonly transport: 'rest' | 'ws' | 'ws-api'
  readonly http_status?: number
  readonly body?: string
  readonly frame?: string
  readonly category: GateioErrorCategory
}
const vectors = JSON.parse(readFileSync(new URL('fixtures/vectors.json', import.meta.url), 'utf8')) as {
  readonly error_labels: readonly LabelVector[]
  readonly error_fallback_by_status: Readonly<Record<string, GateioErrorCategory>>
  readonly ws_error_codes: readonly { readonly code: number; readonly category: GateioErrorCategory }[]
  readonly error_examples: readonly ExampleVector[]
}

const classOf = {
  auth: AuthenticationException,
  permission: PermissionException,
  insufficient_funds: InsufficientFundsException,
  invalid_order: OrderRejectedException,
  order_not_found: OrderNotFoundException,
  rate_limit: RateLimitException,
  market_closed: MarketClosedException,
  timestamp: ClockSkewException,
  server_error: ExchangeUnavailableException,
  invalid_symbol: SymbolException,
} satisfies Record<GateioErrorCategory, unknown>
const failureOf = (httpStatus: number, label?: string, message?: string) =>
  mapGateioError({ httpStatus, label, message, about: 'order', endpoint: 'POST /spot/orders' })
const parseBody = (text: string): { readonly label?: string; readonly message?: string } => {
  try {
    return JSON.parse(text) as { readonly label?: string }
  } catch {
    return {}
  }
}

describe('the Gate.io error map', () => {
  it.each(vectors.error_labels)('maps $label to its class', ({ label, http_status, category, hint }) => {
    const error = failureOf(http_status, label)
    expect(error).toBeInstanceOf(classOf[category])
    expect(error.exchangeCode).toBe(label)
    expect(error.httpStatus).toBe(http_status)
    if (error instanceof OrderNotFoundException) expect(error.alreadyFinal).toBe(hint === 'already_final')
  })

  it('tells a post-only order that would have taken from other refusals', () => {
    expect(failureOf(400, 'POC_FILL_IMMEDIATELY')).toMatchObject({ code: 'ORDER_WOULD_TAKE', recovery: 'reject' })
    expect(failureOf(400, 'AMOUNT_TOO_LITTLE')).toMatchObject({ code: 'ORDER_REJECTED' })
  })

  it('knows every label of the vectors and no other', () => {
    expect(gateioErrorLabels.toSorted()).toEqual(vectors.error_labels.map(({ label }) => label).toSorted())
  })

  it.each(Object.entries(vectors.error_fallback_by_status))('judges status %s without a label', (status, category) => {
    const number = status === '5xx' ? 502 : status === 'other' ? 422 : Number(status)
    expect(failureOf(number)).toBeInstanceOf(classOf[category])
    expect(failureOf(number, 'A_LABEL_OF_TOMORROW')).toBeInstanceOf(classOf[category])
  })

  it.each(vectors.ws_error_codes)('judges channel error code $code', ({ code, category }) => {
    expect(categorizeGateioChannelError(code, 'whatever')).toBe(category)
  })

  it.each(vectors.error_examples)('understands the observed $transport error of category $category', (example) => {
    if (example.transport === 'rest') {
      const { label, message } = parseBody(example.body!)
      expect(failureOf(example.http_status!, label, message)).toBeInstanceOf(classOf[example.category])
    } else if (example.transport === 'ws') {
      const { error } = JSON.parse(example.frame!) as {
        readonly error: { readonly code: number; readonly message: string }
      }
      expect(categorizeGateioChannelError(error.code, error.message)).toBe(example.category)
    } else {
      const { header, data } = JSON.parse(example.frame!) as {
        readonly header: { readonly status: string }
        readonly data: { readonly errs: { readonly label: string; readonly message: string } }
      }
      const error = failureOf(Number(header.status), data.errs.label, data.errs.message)
      expect(error).toBeInstanceOf(classOf[example.category])
    }
  })

  it('reads the label inside the message of a channel error', () => {
    const message = '{"label":"INVALID_KEY","message":"Invalid key provided"}\n'
    expect(categorizeGateioChannelError(4, message)).toBe('auth')
    expect(categorizeGateioChannelError(2, 'unknown contract X_USDT')).toBe('invalid_symbol')
    expect(categorizeGateioChannelError(99, 'new')).toBe('invalid_order')
  })

  it('calls a refusal of something else than an order a request error', () => {
    const error = mapGateioError({
      httpStatus: 400,
      label: 'BAD_REQUEST',
      about: 'query',
      endpoint: 'GET /spot/trades',
    })
    expect(error).toBeInstanceOf(ExchangeRequestException)
    expect(error.message).toContain('GET /spot/trades')
  })

  it('keeps the time to wait of a rate limit', () => {
    const error = mapGateioError({ httpStatus: 429, about: 'query', endpoint: 'x', retryAfterMs: 750 })
    expect((error as RateLimitException).retryAfterMs).toBe(750)
  })

  it('names the endpoint of an unreadable answer', () => {
    expect(createUnreadableAnswer('GET /spot/time', 'odd').message).toContain('GET /spot/time')
    expect(createUnreadableAnswer('GET /spot/time', new SyntaxError('bad')).message).toContain('bad')
  })
})
