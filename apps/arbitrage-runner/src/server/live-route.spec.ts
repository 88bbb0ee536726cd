import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { waitFor } from '@cex-arbitrage/common/testing'
import { ApiServer, type ApiServerOptions } from '../testing/api-server.js'

let server: ApiServer | undefined
const sockets: WebSocket[] = []
const open = async (options: ApiServerOptions = {}): Promise<ApiServer> =>
  (server = await new ApiServer(options).start())

function connect(
  api: ApiServer,
  protocols: readonly string[] = ['live'],
  headers: Record<string, string> = {},
): WebSocket {
  const socket = new WebSocket(`${api.origin.replace('http', 'ws')}/live`, [...protocols], { headers })
  socket.on('error', () => undefined)
  sockets.push(socket)
  return socket
}

async function refusal(socket: WebSocket): Promise<number | undefined> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode?: number }]
  return response.statusCode
}

const asProtocol = (token: string): string => `bearer.${Buffer.from(token).toString('base64url')}`

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await server?.close()
})

describe('the socket at /live', () => {
  it('begins with the whole model', async () => {
    const socket = connect(await open())
    const [data] = (await once(socket, 'message')) as [Buffer]
    expect(JSON.parse(data.toString())).toMatchObject({ type: 'hello', model: { mode: 'simulated' } })
    expect(socket.protocol).toBe('live')
  })

  it('refuses a page of another origin, and one under another name', async () => {
    const api = await open()
    expect(await refusal(connect(api, ['live'], { origin: 'https://evil.example' }))).toBe(403)
    expect(await refusal(connect(api, ['live'], { host: 'evil.example' }))).toBe(403)
  })

  it('wants the token beyond loopback, as a subprotocol or a header', async () => {
    const api = await open({ host: '0.0.0.0' })
    expect(await refusal(connect(api))).toBe(401)
    expect(await refusal(connect(api, ['live', asProtocol('wrong')]))).toBe(401)
    await once(connect(api, ['live', asProtocol(ApiServer.token)]), 'open')
    await once(connect(api, ['live'], { authorization: `Bearer ${ApiServer.token}` }), 'open')
  })

  it('never tells the token back', async () => {
    const api = await open({ host: '0.0.0.0' })
    const socket = connect(api, ['live', asProtocol(ApiServer.token)])
    await once(socket, 'open')
    expect(socket.protocol).toBe('live')
  })

  it('takes so many clients and no more, and again when one has gone', async () => {
    const api = await open()
    const first = Array.from({ length: 32 }, () => connect(api))
    await Promise.all(first.map((socket) => once(socket, 'message')))
    const [code] = (await once(connect(api), 'close')) as [number]
    expect(code).toBe(1013)
    first[0]!.close()
    await once(first[0]!, 'close')
    let welcomed = false
    await waitFor(async () => {
      const socket = connect(api)
      socket.on('message', () => (welcomed = true))
      await new Promise((resolve) => socket.once('message', resolve).once('close', resolve))
      return welcomed
    }, 'a place for another client')
  })

  it('ends a client that sends more than it may', async () => {
    const api = await open()
    const socket = connect(api)
    await once(socket, 'message')
    socket.send('x'.repeat(2_000))
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1009)
  })
})
