import type { OnReadOpts, Socket } from 'node:net'
import { buildConnector } from 'undici'
import { openTunnel } from './proxy-tunnel.js'
import type { SocketOptions } from './socket-options.js'

/** Where a socket leads to. */
export interface ConnectTarget {
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  readonly port: number
}

/** Opens sockets, through TLS and proxy where asked to. */
export type SocketConnector = (
  target: ConnectTarget,
  callback: (error: Error | null, socket: Socket | null) => void,
) => void

/**
 * @param timeoutMs - Milliseconds for address and handshake.
 * @param onread - Takes what is received, for a connector that opens a single socket; one through TLS within a proxy's
 *   tunnel emits `data` all the same.
 */
export function createSocketConnector(options: SocketOptions, timeoutMs: number, onread?: OnReadOpts): SocketConnector {
  const { tls, proxyUrl, localAddress } = options
  const connect = buildConnector({
    ...(tls?.ca !== undefined && { ca: typeof tls.ca === 'string' ? tls.ca : [...tls.ca] }),
    ...(tls?.rejectUnauthorized !== undefined && { rejectUnauthorized: tls.rejectUnauthorized }),
    ...(tls?.servername !== undefined && { servername: tls.servername }),
    ...(tls?.cert !== undefined && { cert: tls.cert }),
    ...(tls?.key !== undefined && { key: tls.key }),
    timeout: timeoutMs,
    ...(onread !== undefined && { onread }),
  })
  return (target, callback) => {
    // undici leaves out the other argument.
    const finish = (error?: Error | null, socket?: Socket | null): void => callback(error ?? null, socket ?? null)
    const direct = {
      protocol: target.protocol,
      hostname: target.hostname,
      host: target.hostname,
      port: String(target.port),
      ...(localAddress !== undefined && { localAddress }),
    }
    if (proxyUrl === undefined) {
      connect(direct, finish as Parameters<typeof connect>[1])
      return
    }
    openTunnel(proxyUrl, target, AbortSignal.timeout(timeoutMs)).then(
      (socket) => {
        if (target.protocol === 'http:') finish(null, socket.setNoDelay(true))
        else connect({ ...direct, httpSocket: socket }, finish as Parameters<typeof connect>[1])
      },
      (error: Error) => finish(error, null),
    )
  }
}
