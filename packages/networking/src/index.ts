export {
  CircuitBreaker,
  type CallOutcome,
  type CircuitBreakerOptions,
  type CircuitPass,
  type CircuitState,
} from './rest/circuit-breaker.js'
export { type RehearsalAnswer, type RehearsedRequest } from './rehearsal/rehearsal-stream.js'
export { RehearsalTransport } from './rehearsal/rehearsal-transport.js'
export { createHttpTransport, type HttpTransportOptions } from './rest/create-http-transport.js'
export { encodeQuery } from './rest/encode-query.js'
export { type ErrorMapper, type RawResponse } from './rest/error-mapper.js'
export {
  type HttpCancellation,
  type HttpEvents,
  type HttpTransport,
  type OutgoingHttpRequest,
} from './rest/http-transport.js'
export { RateLimiter, type AcquireOptions, type RateLimiterOptions, type RateRequest } from './rest/rate-limiter.js'
export { RateWindow } from './rest/rate-window.js'
export { type RatePermit, type TradePermit } from './rest/rate-permit.js'
export { type RateCost, type RateObservation, type RateUsage, type RateWindowSpec } from './rest/rate-window-spec.js'
export { isPrivileged, priorityRank, type RequestPriority } from './rest/request-priority.js'
export { type RequestSignature, type RequestSigner, type UnsignedRequest } from './rest/request-signer.js'
export { defaultRequestTimeouts, type RequestTimeouts } from './rest/request-timeouts.js'
export { parseRetryAfterMs } from './rest/retry-after.js'
export { type RetryOptions } from './rest/retry-policy.js'
export { RestClient, type RestClientOptions } from './rest/rest-client.js'
export { type PhaseDurations, type RestCallInfo, type RestObserver } from './rest/rest-observer.js'
export {
  type HttpMethod,
  type QueryParameters,
  type ResponseHeaders,
  type ResponseParser,
  type RestRequest,
  type RestResponse,
} from './rest/rest-request.js'
export { type SocketOptions, type TlsOptions } from './utils/socket-options.js'
export {
  type ClientSocket,
  type ClientSocketEvents,
  type CreateSocket,
  type MessageReceiver,
} from './websocket/client-socket.js'
export { connectWebSocket, type ConnectWebSocketOptions } from './websocket/connect-websocket.js'
export { deliverMessage } from './websocket/deliver-message.js'
export { FrameWindow } from './websocket/frame-window.js'
export { type ResponseHead } from './websocket/protocol/upgrade-response.js'
export { type ChannelWatch, type ChannelWatchOptions } from './websocket/channel-watch.js'
export {
  RequestChannel,
  type ChannelRequestOptions,
  type RequestChannelCounts,
  type RequestChannelOptions,
} from './websocket/request-channel.js'
export { type MessageSender, type SendReceipt } from './websocket/send-receipt.js'
export { ShardedWebSocket, type ShardedWebSocketOptions } from './websocket/sharded-websocket.js'
export { SubscriptionShards } from './websocket/subscription-shards.js'
export { WebSocketConnection } from './websocket/websocket-connection.js'
export {
  type HeartbeatOptions,
  type ReconnectOptions,
  type RotationOptions,
  type WebSocketConnectionOptions,
  type WebSocketHandler,
  type WebSocketState,
} from './websocket/websocket-options.js'
export { type ReceivedFrame, type WebSocketSession } from './websocket/websocket-session.js'
