/** What went wrong, in the protocol's own words (A11). */
export const HummingbotErrorCategory = {
  AUTHENTICATION_FAILED: 'auth_failed',
  INSUFFICIENT_FUNDS: 'insufficient_funds',
  INVALID_ORDER: 'invalid_order',
  MARKET_CLOSED: 'market_closed',
  RATE_LIMIT_EXCEEDED: 'rate_limit',
  CONNECTION_ERROR: 'connection_error',
  SERVER_ERROR: 'server_error',
  UNKNOWN_ERROR: 'unknown_error',
} as const

export type HummingbotErrorCategory = (typeof HummingbotErrorCategory)[keyof typeof HummingbotErrorCategory]

type Known = Exclude<HummingbotErrorCategory, 'unknown_error'>

/** Other spellings of a code, normalised (R6). */
const aliases: Readonly<Record<Known, readonly string[]>> = {
  auth_failed: [
    'authentication_failed',
    'authentication_error',
    'unauthorized',
    'forbidden',
    'invalid_api_key',
    'not_authenticated',
    '401',
    '403',
  ],
  insufficient_funds: ['insufficient_balance', 'insufficient_margin'],
  invalid_order: [
    'order_rejected',
    'invalid_parameters',
    'invalid_request',
    'validation_error',
    'min_order_size',
    'price_out_of_range',
    'order_not_found',
    '400',
    '404',
    '409',
    '422',
  ],
  market_closed: ['market_not_open', 'market_suspended'],
  rate_limit: ['rate_limit_exceeded', 'too_many_requests', '429'],
  connection_error: ['connection_lost', 'exchange_unreachable', 'disconnected'],
  server_error: ['internal_error', 'internal_server_error', 'service_unavailable', '500', '502', '503', '504'],
}

const categoryOfCode = new Map<string, Known>(
  (Object.keys(aliases) as Known[]).flatMap((category) =>
    [category, ...aliases[category]].map((code) => [code, category] as const),
  ),
)

/** Words that the base rules lack; the first line with a match wins (R6). */
const supplementaryRules: readonly (readonly [Known, readonly string[]])[] = [
  [
    'auth_failed',
    ['api key', 'unauthorized', 'unauthorised', 'forbidden', 'permission', 'not authenticated', 'credential'],
  ],
  ['insufficient_funds', ['insufficient']],
  [
    'invalid_order',
    [
      'minimum',
      'notional',
      'precision',
      'lot size',
      'tick size',
      'outside allowed range',
      'must be positive',
      'is required',
      'not supported',
      'not found',
    ],
  ],
  ['market_closed', ['suspended', 'halted', 'maintenance']],
  ['rate_limit', ['throttl', '429']],
  ['connection_error', ['connection', 'disconnected', 'network', 'timed out', 'timeout', 'unreachable']],
  ['server_error', ['internal error', 'unavailable', 'overloaded', 'bad gateway']],
]

/** Categories after which the same request may succeed later (R1.5). */
const retriable: ReadonlySet<HummingbotErrorCategory> = new Set(['rate_limit', 'server_error', 'connection_error'])

export const isRetriableCategory = (category: HummingbotErrorCategory): boolean => retriable.has(category)

/**
 * The category of a server's error: by `code` first, then by the base rules on the message, then by supplementary ones
 * (R6). Give it the server's own message, before any prefix is put in front.
 */
export function categorizeError(message: string | undefined, code?: unknown): HummingbotErrorCategory {
  const byCode = categoryOfCode.get(normalizeCode(code))
  if (byCode !== undefined) return byCode
  const text = (message ?? '').toLowerCase()
  const byBase = categorizeByBaseRules(text)
  if (byBase !== 'unknown_error') return byBase
  return supplementaryRules.find(([, words]) => words.some((word) => text.includes(word)))?.[0] ?? 'unknown_error'
}

/** The six ordered rules of the recommendations, on a message alone; any case. */
export function categorizeByBaseRules(message: string): HummingbotErrorCategory {
  const text = message.toLowerCase()
  const has = (word: string): boolean => text.includes(word)
  if (has('authentication')) return 'auth_failed'
  if (has('funds') || has('balance')) return 'insufficient_funds'
  if (has('order') && (has('invalid') || has('reject'))) return 'invalid_order'
  if (has('market') && (has('closed') || has('not open'))) return 'market_closed'
  if (has('rate limit') || has('too many requests')) return 'rate_limit'
  return has('server') ? 'server_error' : 'unknown_error'
}

function normalizeCode(code: unknown): string {
  if (typeof code !== 'string' && typeof code !== 'number') return ''
  return String(code)
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
}
