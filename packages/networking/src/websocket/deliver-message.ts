import type { MessageReceiver } from './client-socket.js'
import { FrameWindow } from './frame-window.js'

/** Hands a message on as if it had just been received: for sockets that are none of the network's. */
export function deliverMessage(receiver: MessageReceiver | undefined, data: Buffer, isBinary: boolean): void {
  receiver?.onBytes()
  receiver?.onMessage(new FrameWindow().set(data, 0, data.length, isBinary))
}
