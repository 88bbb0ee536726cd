import { describe, expect, it } from 'vitest'
import * as networking from './index.js'
import * as testing from './testing/index.js'

describe('the public API', () => {
  it('is what is listed here', () => {
    expect(Object.keys(networking).sort()).toEqual([
      'CircuitBreaker',
      'FrameWindow',
      'RateLimiter',
      'RateWindow',
      'RehearsalTransport',
      'RequestChannel',
      'RestClient',
      'ShardedWebSocket',
      'SubscriptionShards',
      'WebSocketConnection',
      'connectWebSocket',
      'createHttpTransport',
      'defaultRequestTimeouts',
      'deliverMessage',
      'encodeQuery',
      'isPrivileged',
      'parseRetryAfterMs',
      'priorityRank',
    ])
    expect(Object.keys(testing).sort()).toEqual([
      'RawWebSocketServer',
      'TestHttpServer',
      'TestProxyServer',
      'TestWebSocketServer',
      'serverFrame',
      'spoilMessages',
      'testCertificate',
    ])
  })
})
