import { once } from 'node:events'
import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** What a tunnel leads to. */
export interface TunnelTarget {
  readonly hostname: string
  readonly port: number
}

/**
 * Opens a TCP tunnel to `target` through an HTTP proxy.
 *
 * @throws Error the proxy cannot be reached or refuses; the message holds no credentials.
 */
export async function openTunnel(proxyUrl: string, target: TunnelTarget, signal?: AbortSignal): Promise<Socket> {
  const proxy = new URL(proxyUrl)
  const host = `${target.hostname.includes(':') ? `[${target.hostname}]` : target.hostname}:${target.port}`
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  const request = (proxy.protocol === 'https:' ? requestTls : requestPlain)({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    ...(proxy.port !== '' && { port: proxy.port }),
    method: 'CONNECT',
    path: host,
    agent: false,
    headers: {
      host,
      ...(credentials !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
    },
    ...(signal && { signal }),
  })
  request.end()
  const [response, socket] = (await Promise.race([
    once(request, 'connect'),
    once(request, 'response').then(([refusal]) => [refusal, (refusal as IncomingMessage).socket]),
  ])) as [IncomingMessage, Socket]
  if (response.statusCode === 200) return socket
  socket.destroy()
  throw new Error(`The proxy refused the tunnel with status ${response.statusCode}.`)
}
