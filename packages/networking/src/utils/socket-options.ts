/** How sockets reach their host; the same for REST and WebSocket. */
export interface SocketOptions {
  readonly tls?: TlsOptions
  /** An HTTP proxy that tunnels by CONNECT: `http://user:password@host:port`. Never printed. */
  readonly proxyUrl?: string
  /** Local address to connect from. */
  readonly localAddress?: string
}

export interface TlsOptions {
  /** Certificate authorities in PEM that replace the built-in ones. */
  readonly ca?: string | readonly string[]
  /** `false` accepts any certificate: for tests only. */
  readonly rejectUnauthorized?: boolean
  readonly servername?: string
  /** Certificate and private key in PEM that the client shows, where the server asks for one. */
  readonly cert?: string
  readonly key?: string
}
