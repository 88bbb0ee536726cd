// Stamps every contender alike: when a frame's bytes come out of the socket, and when an order's bytes have gone into one.
import { Socket } from 'node:net'

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
  #push = Reflect.get(Socket.prototype, 'push')
  #write = Reflect.get(Socket.prototype, 'write')

  install() {
    const stamps = this
    const push = this.#push
    const write = this.#write
    Socket.prototype.push = function (chunk, encoding) {
      if (
        stamps.#frameAt === undefined &&
        this.remotePort === stamps.#port &&
        chunk !== null &&
        frameBytes.has(chunk[0])
      )
        stamps.#frameAt = performance.now()
      return push.call(this, chunk, encoding)
    }
    Socket.prototype.write = function (chunk, ...rest) {
      const done = write.call(this, chunk, ...rest)
      if (isOrder(chunk)) stamps.#onWritten()
      return done
    }
  }

  uninstall() {
    Socket.prototype.push = this.#push
    Socket.prototype.write = this.#write
  }

  /**
   * From the next frame of the port to the second order.
   *
   * @param {number} port
   * @param {number} patienceMs
   * @returns {Promise<{ firstUs: number, secondUs: number } | undefined>} `undefined` when not both orders came in time
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
    return { firstUs: first, secondUs: second }
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
