import { SeededRandom, silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ClientSocket, ClientSocketEvents, MessageReceiver } from './client-socket.js'
import { deliverMessage } from './deliver-message.js'
import { WebSocketConnection } from './websocket-connection.js'

class ScriptedSocket extends EventEmitter<ClientSocketEvents> implements ClientSocket {
  receiver: MessageReceiver | undefined
  readyState = 0
  readonly bufferedAmount = 0
  readonly sent: string[] = []

  open(): void {
    this.readyState = 1
    this.emit('open')
  }

  send(data: string | Buffer, _options: { readonly binary: boolean }, onFlushed: () => void): void {
    this.sent.push(data.toString())
    onFlushed()
  }

  ping(): void {
    this.emit('pong', Buffer.alloc(0))
  }

  close(code = 1005): void {
    this.end(code)
  }

  terminate(): void {
    this.end(1006)
  }

  private end(code: number): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.emit('close', code, Buffer.alloc(0))
  }
}

describe('a socket that is given', () => {
  it('serves a connection from its opening to its end, and is replaced when it is lost', async () => {
    const clock = new ManualClock()
    const sockets: ScriptedSocket[] = []
    const frames: string[] = []
    const connection = new WebSocketConnection({
      name: 'given',
      url: () => 'ws://nowhere.invalid/ws?x=1',
      handler: { onFrame: (frame) => void frames.push(frame.toString()) },
      clock,
      random: new SeededRandom(1),
      logger: silentLogger,
      createSocket: (url) => {
        expect(url).toBe('ws://nowhere.invalid/ws?x=1')
        const socket = new ScriptedSocket()
        sockets.push(socket)
        return socket
      },
    })
    const opening = connection.connect()
    await clock.advance(0)
    sockets[0]!.open()
    await opening
    connection.send('hello')
    expect(sockets[0]!.sent).toEqual(['hello'])
    deliverMessage(sockets[0]!.receiver, Buffer.from('world'), false)
    expect(frames).toEqual(['world'])
    sockets[0]!.terminate()
    await clock.advance(1_000)
    sockets[1]!.open()
    await clock.advance(0)
    expect(connection.state).toBe('open')
    await connection.close()
    expect(sockets.map((socket) => socket.readyState)).toEqual([3, 3])
  })
})
