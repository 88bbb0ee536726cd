// A process of its own that sends WebSocket frames as fast as the socket takes them, by raw sockets, so that what sends is
// never what is measured. `startFrameSender` starts it; run as a program it is that process.
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { testCertificate } from '@cex-arbitrage/networking/testing'
import { createTraffic } from './book-traffic.mjs'
import { encodeObu, encodeObuSnapshot, priceDecimals, quantityDecimals } from './gateio-frames.mjs'

/**
 * What to send: frames of one size, or the pushes of a Gate.io book with its snapshot before them.
 *
 * @typedef {{ kind: 'blank', bytes: number, count: number } | { kind: 'book', maxLevels: number, count: number }} Load
 */
/** @typedef {{ bytesPerFrame: number, levelsPerFrame: number, best?: { bid: number, ask: number } }} Prepared */

const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const closeOpcode = 0x8
const blobBytes = 65_536
/** Milliseconds between the word to begin and the first frame: what follows a subscription is done by then. */
const leadMs = 30
const firstTimeMs = 1_755_000_000_000

/** @returns {Promise<{ url: string, secureUrl: string, prepare: (load: Load) => Promise<Prepared>, close: () => void }>} */
export async function startFrameSender() {
  const child = fork(fileURLToPath(import.meta.url), { stdio: 'inherit', execArgv: [] })
  const next = () => new Promise((resolve) => void child.once('message', resolve))
  const { plain, tls } = await next()
  return {
    url: `ws://127.0.0.1:${plain}/`,
    secureUrl: `wss://127.0.0.1:${tls}/`,
    prepare(load) {
      const prepared = next()
      child.send(load)
      return prepared
    },
    close: () => child.disconnect(),
  }
}

/** @param {Load} load */
function createLoad(load) {
  if (load.kind === 'blank') {
    const frames = Array.from({ length: load.count }, () => Buffer.alloc(load.bytes, 'x'))
    return { blobs: toBlobs(frames), prepared: { bytesPerFrame: load.bytes, levelsPerFrame: 0 } }
  }
  const { frames, snapshots, bytesPerFrame, levelsPerFrame } = createTraffic({
    encode: encodeObu,
    segments: 1,
    perSegment: load.count,
    maxLevels: load.maxLevels,
    priceDecimals,
    quantityDecimals,
  })
  const [first, last] = snapshots
  const best = { bid: Number(last.bids[0][0]), ask: Number(last.asks[0][0]) }
  const blobs = toBlobs([encodeObuSnapshot(first, firstTimeMs), ...frames])
  return { blobs, prepared: { bytesPerFrame, levelsPerFrame, best } }
}

/** Frames as a server writes them that has many to send at once. */
function toBlobs(payloads) {
  const blobs = []
  let parts = []
  let bytes = 0
  for (const payload of payloads) {
    const frame = toFrame(payload)
    parts.push(frame)
    bytes += frame.length
    if (bytes < blobBytes) continue
    blobs.push(Buffer.concat(parts))
    parts = []
    bytes = 0
  }
  return [...blobs, Buffer.concat(parts)]
}

function toFrame(payload) {
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10)
  head[0] = 0x81
  head[1] = head.length === 2 ? payload.length : head.length === 4 ? 126 : 127
  if (head.length === 4) head.writeUInt16BE(payload.length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), 2)
  return Buffer.concat([head, payload])
}

/** Handshake, then whatever is prepared, once the client has said something. */
function serve(socket, getBlobs) {
  socket.setNoDelay(true).on('error', () => undefined)
  socket.once('data', (request) => {
    const key = /sec-websocket-key: *(\S+)/i.exec(request.toString())[1]
    const accept = createHash('sha1')
      .update(key + acceptSuffix)
      .digest('base64')
    const headers = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`]
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('\r\n')}\r\n\r\n`)
    socket.once('data', (frame) => {
      const { id, channel, event } = JSON.parse(unmask(frame))
      if (id !== undefined)
        socket.write(toFrame(Buffer.from(JSON.stringify({ id, channel, event, result: { status: 'success' } }))))
      setTimeout(() => sendAll(socket, getBlobs()), leadMs)
      socket.on('data', ([first]) => {
        if ((first & 0x0f) === closeOpcode) socket.destroy()
      })
    })
  })
}

function sendAll(socket, blobs) {
  let sent = 0
  const push = () => {
    while (sent < blobs.length)
      if (!socket.write(blobs[sent++])) {
        socket.once('drain', push)
        return
      }
  }
  push()
}

/** The text of a client's frame of less than 64 KiB. */
function unmask(frame) {
  const maskAt = (frame[1] & 0x7f) === 126 ? 4 : 2
  const length = maskAt === 4 ? frame.readUInt16BE(2) : frame[1] & 0x7f
  const payload = frame.subarray(maskAt + 4, maskAt + 4 + length)
  return Buffer.from(payload.map((byte, i) => byte ^ frame[maskAt + (i & 3)])).toString()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let blobs = []
  process.on('message', (load) => {
    const created = createLoad(load)
    blobs = created.blobs
    process.send(created.prepared)
  })
  process.on('disconnect', () => process.exit(0))
  const onSocket = (socket) => serve(socket, () => blobs)
  const plain = createServer(onSocket).listen(0, '127.0.0.1', () => {
    const tls = createTlsServer({ ...testCertificate }, onSocket).listen(0, '127.0.0.1', () =>
      process.send({ plain: plain.address().port, tls: tls.address().port }),
    )
  })
}
