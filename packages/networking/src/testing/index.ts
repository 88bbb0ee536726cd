export { TestHttpServer, type SeenRequest } from './http-server.js'
export { TestProxyServer } from './proxy-server.js'
export { testCertificate } from './test-certificate.js'
export { TestWebSocketServer, type ServerSocket } from './websocket-server.js'
