// Stamps every contender alike: when a frame's bytes come out of the socket, and when an order's bytes have gone into one.
import net, { Socket } from 'node:net'

const orderText = /^POST \/api\/(?:v3\/order|v4\/spot\/orders)[? ]/
const firstByteOfPost = 0x50
/** Text and binary frames of a server: final, unmasked. */
const frameBytes = new Set([0x81, 0x82])

/** While installed, one trigger at a time can be watched. Times are milliseconds of the monotonic clock. */
export class SocketStamps {
  #port = 0
  #frameAt = undefined
  #writes = []
  #onOrder = undefined
  #connect = net.connect
  #push = Reflect.get(Socket.prototype, 'push')
  #write = Reflect.get(Socket.prototype, 'write')

  install() {
    const stamps = this
    const connect = this.#connect
    const push = this.#push
    const write = this.#write
    Socket.prototype.push = function (chunk, encoding) {
      if (chunk !== null) stamps.#onRead(this.remotePort, chunk)
      return push.call(this, chunk, encoding)
    }
    // A socket that was given a buffer pushes nothing.
    net.connect = function (options, ...rest) {
      const { onread, port } = options
      if (onread === undefined) return connect.call(this, options, ...rest)
      const callback = (count, bytes) => {
        stamps.#onRead(Number(port), bytes)
        return onread.callback(count, bytes)
      }
      return connect.call(this, { ...options, onread: { ...onread, callback } }, ...rest)
    }
    Socket.prototype.write = function (chunk, ...rest) {
      const done = write.call(this, chunk, ...rest)
      if (isOrder(chunk)) stamps.#onWritten()
      return done
    }
  }

  uninstall() {
    net.connect = this.#connect
    Socket.prototype.push = this.#push
    Socket.prototype.write = this.#write
  }

  /**
   * From the next frame of the port to the second order.
   *
   * @param {number} port
   * @param {number} patienceMs
   * @returns {Promise<{ firstUs: number, secondUs: number, frameAt: number } | undefined>} `undefined` when not both orders came in time
   */
  async watch(port, patienceMs) {
    this.#port = port
    this.#frameAt = undefined
    this.#writes = []
    const isComplete = await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), patienceMs)
      this.#onOrder = () => {
        if (this.#writes.length < 2) return
        clearTimeout(timer)
        resolve(true)
      }
    })
    this.#onOrder = undefined
    if (!isComplete || this.#frameAt === undefined) return undefined
    const [first, second] = this.#writes.map((at) => (at - this.#frameAt) * 1000)
    return { firstUs: first, secondUs: second, frameAt: this.#frameAt }
  }

  #onRead(port, bytes) {
    if (this.#frameAt === undefined && port === this.#port && frameBytes.has(bytes[0]))
      this.#frameAt = performance.now()
  }

  #onWritten() {
    this.#writes.push(performance.now())
    this.#onOrder?.()
  }
}

const isOrder = (chunk) =>
  typeof chunk === 'string'
    ? orderText.test(chunk)
    : chunk?.[0] === firstByteOfPost && orderText.test(chunk.toString('latin1', 0, 40))
