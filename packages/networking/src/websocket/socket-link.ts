import type { CexArbitrageException } from '@cex-arbitrage/common'
import { withTimeout } from '../utils/with-timeout.js'
import type { ClientSocket, MessageReceiver } from './client-socket.js'
import type { ConnectionErrors } from './connection-errors.js'
import { FrameWaiters } from './frame-waiters.js'
import type { FrameWindow } from './frame-window.js'
import { Heartbeat } from './heartbeat.js'
import type { WatchedChannel } from './liveness-watchdog.js'
import { openWebSocket } from './open-websocket.js'
import { OutgoingQueue } from './outgoing-queue.js'
import type { SendReceipt } from './send-receipt.js'
import type { ReceivedFrame, WebSocketSession } from './websocket-session.js'
import type { WebSocketSettings } from './websocket-settings.js'

const normalClosure = 1000
const openState = 1

/** Who is told of a socket's end. */
export interface LinkOwner {
  readonly settings: WebSocketSettings
  readonly errors: ConnectionErrors
  /** Touched by each message. */
  readonly socketWatch: WatchedChannel | undefined
  /** Once per link that was opened; `error` is `undefined` after `close`. */
  onLinkDown(link: SocketLink, error: CexArbitrageException | undefined): void
  onFrameError(error: unknown): void
}

/** One socket from its handshake to its end. */
export class SocketLink implements WebSocketSession, MessageReceiver {
  /** Rejects when the socket is lost, and never resolves. */
  readonly lost: Promise<never>
  private socket: ClientSocket | undefined
  private queue: OutgoingQueue | undefined
  private heartbeat: Heartbeat | undefined
  private readonly waiters: FrameWaiters
  private readonly settings: WebSocketSettings
  private readonly errors: ConnectionErrors
  private isClosing = false
  private isDown = false
  private receivedAtUs = 0
  private rejectLost!: (error: CexArbitrageException) => void

  constructor(
    readonly epoch: number,
    private readonly owner: LinkOwner,
  ) {
    this.settings = owner.settings
    this.errors = owner.errors
    this.waiters = new FrameWaiters(this.settings.name, this.settings.clock, this.settings.exchange)
    this.lost = new Promise((_, reject) => {
      this.rejectLost = reject
    })
    this.lost.catch(() => undefined)
  }

  /** @throws CexArbitrageException no address, no connection, no handshake, or none of it in time. */
  async open(): Promise<void> {
    const { clock, connectTimeoutMs } = this.settings
    const opened = this.connect()
    try {
      await withTimeout(clock, Promise.race([opened, this.lost]), connectTimeoutMs, () =>
        this.errors.createLost(`did not open within ${connectTimeoutMs} ms`),
      )
    } catch (error) {
      const failure = this.errors.wrap(error, 'to connect')
      this.terminate(failure)
      throw failure
    }
    this.heartbeat?.start()
  }

  send(data: string | Buffer, receipt?: SendReceipt): void {
    if (this.queue === undefined || this.isClosing || this.socket?.readyState !== openState)
      throw this.errors.createLost('is not open; nothing was sent')
    this.queue.send(data, receipt)
  }

  waitForFrame(match: (frame: FrameWindow) => boolean, timeoutMs: number): Promise<ReceivedFrame> {
    return this.waiters.wait(match, timeoutMs)
  }

  /** Says goodbye, waits for the answer at most `deadlineMs`, and cuts. What waits to be sent is dropped. */
  async close(deadlineMs: number): Promise<void> {
    const { socket } = this
    if (this.isDown || socket === undefined) return this.terminate(undefined)
    this.isClosing = true
    this.queue?.drop(this.errors.createClosing())
    const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()))
    socket.close(normalClosure)
    const timer = this.settings.clock.setTimer(() => this.terminate(undefined), deadlineMs)
    await closed
    timer.cancel()
  }

  /** Cuts without goodbye; `error` is `undefined` when that is wanted. */
  terminate(error: CexArbitrageException | undefined): void {
    this.isClosing ||= error === undefined
    this.socket?.terminate()
    this.onDown(error)
  }

  onBytes(): void {
    this.receivedAtUs = this.settings.clock.nowUs()
  }

  /** The hot path: nothing is made here per message. */
  onMessage(frame: FrameWindow): void {
    const { owner, waiters, receivedAtUs } = this
    if (this.isDown) return
    owner.socketWatch?.touch(receivedAtUs)
    try {
      if (waiters.size > 0) waiters.offer(frame)
      this.settings.handler.onFrame(frame, receivedAtUs, this.epoch)
    } catch (error) {
      owner.onFrameError(error)
    }
  }

  private async connect(): Promise<void> {
    const { settings, errors } = this
    const url = await settings.url()
    if (this.isDown) throw errors.createClosing()
    const socket = openWebSocket(url, settings, errors)
    this.socket = socket
    this.queue = new OutgoingQueue({
      ...settings,
      epoch: this.epoch,
      writer: {
        get bufferedAmount() {
          return socket.bufferedAmount
        },
        send: (data, onFlushed) => socket.send(data, { binary: typeof data !== 'string' }, onFlushed),
      },
    })
    if (settings.heartbeat !== undefined)
      this.heartbeat = new Heartbeat(settings.clock, settings.heartbeat, {
        ping: () => socket.ping(),
        sendPing: (payload) => this.queue?.sendFirst(payload),
        onPongMissing: (timeoutMs) => this.terminate(errors.createLost(`got no pong within ${timeoutMs} ms`)),
      })
    this.listen(socket)
    await new Promise<void>((resolve) => void socket.once('open', resolve))
  }

  private listen(socket: ClientSocket): void {
    const { clock } = this.settings
    socket.receiver = this
    socket.on('pong', () => this.heartbeat?.onPong())
    socket.on('refused', (response) => this.onDown(this.errors.createUpgradeRefused(response, clock.nowMs())))
    socket.on('error', (error) => this.onDown(this.errors.wrap(error, 'on its socket')))
    socket.on('close', (code, reason) =>
      this.onDown(this.isClosing ? undefined : this.errors.createClosed(code, reason.toString())),
    )
  }

  private onDown(error: CexArbitrageException | undefined): void {
    if (this.isDown) return
    this.isDown = true
    const cause = error ?? this.errors.createClosing()
    this.heartbeat?.stop()
    this.queue?.drop(cause)
    this.waiters.fail(cause)
    this.rejectLost(cause)
    this.socket?.terminate()
    this.owner.onLinkDown(this, error)
  }
}
