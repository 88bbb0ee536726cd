import type { FrameInfo, StreamSession } from '../../../server/stream-session.js'
import { type SizeStyle, sizeStyleOf } from './sizes.js'

/** Pushes one message to many sessions, each in the size style of its handshake; every style is written once. */
export function pushSized(
  sessions: Iterable<StreamSession>,
  frameOf: (style: SizeStyle) => string,
  info: FrameInfo,
): void {
  const frames = new Map<SizeStyle, string>()
  for (const session of sessions) {
    const style = sizeStyleOf(session.headers)
    const frame = frames.get(style) ?? frameOf(style)
    frames.set(style, frame)
    session.push(frame, info)
  }
}
