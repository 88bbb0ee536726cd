import { describe, expect, it } from 'vitest'
import * as networking from './index.js'
import * as testing from './testing/index.js'

describe('the public API', () => {
  it('is what is listed here', () => {
    expect(Object.keys(networking).sort()).toEqual([
      'CircuitBreaker',
      'RateLimiter',
      'RateWindow',
      'RequestChannel',
      'RestClient',
      'ShardedWebSocket',
      'SubscriptionShards',
      'WebSocketConnection',
      'connectWebSocket',
      'createHttpTransport',
      'defaultRequestTimeouts',
      'encodeQuery',
      'isPrivileged',
      'parseRetryAfterMs',
      'priorityRank',
    ])
    expect(Object.keys(testing).sort()).toEqual([
      'TestHttpServer',
      'TestProxyServer',
      'TestWebSocketServer',
      'testCertificate',
    ])
  })
})
