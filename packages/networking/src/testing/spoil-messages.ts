import type { CreateSocket, MessageReceiver } from '../websocket/client-socket.js'
import { FrameWindow } from '../websocket/frame-window.js'

/** What stands before and behind each message: bytes that whoever reads beyond its end would take for its own. */
const surroundings = Buffer.from('9"],["1.5","2"]]}}{"result":"')
const spoilt = 0xff

/**
 * Sockets whose messages lie between bytes of others and are overwritten as soon as the call that brought them returns:
 * whoever keeps one, or reads beyond its end, is found out.
 */
export function spoilMessages(createSocket: CreateSocket): CreateSocket {
  return (url, headers) => {
    const socket = createSocket(url, headers)
    let receiver: MessageReceiver | undefined
    const between: MessageReceiver = {
      onBytes: () => receiver?.onBytes(),
      onMessage: (frame) => {
        const bytes = Buffer.concat([surroundings, frame.view(), surroundings])
        const window = new FrameWindow()
        const { length } = surroundings
        try {
          receiver?.onMessage(window.set(bytes, length, length + frame.length, frame.isBinary))
        } finally {
          bytes.fill(spoilt)
          window.set(bytes, 0, 1, true)
        }
      },
    }
    Object.defineProperty(socket, 'receiver', {
      get: () => between,
      set: (value: MessageReceiver | undefined) => {
        receiver = value
      },
    })
    return socket
  }
}
