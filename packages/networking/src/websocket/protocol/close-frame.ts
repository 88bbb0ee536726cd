import { isUtf8 } from 'node:buffer'
import { closeCode, ProtocolViolation } from './protocol-violation.js'

/** What a close frame says. */
export interface CloseStatus {
  readonly code: number
  readonly reason: Buffer
}

/** @throws {@link ProtocolViolation} Half a code, a code that must not be sent, or a reason that is no text. */
export function decodeClose(payload: Buffer): CloseStatus {
  if (payload.length === 0) return { code: closeCode.noStatus, reason: payload }
  if (payload.length === 1) throw new ProtocolViolation('a close frame carries half a status code')
  const code = payload.readUInt16BE(0)
  if (!mayBeSent(code)) throw new ProtocolViolation(`a close frame carries the status code ${code}`)
  const reason = payload.subarray(2)
  if (!isUtf8(reason)) throw new ProtocolViolation('the reason of a close frame is no UTF-8', closeCode.invalidPayload)
  return { code, reason }
}

/** The payload of a close frame; none for `noStatus`. */
export function encodeClose(code: number): Buffer {
  const payload = Buffer.alloc(code === closeCode.noStatus ? 0 : 2)
  if (payload.length > 0) payload.writeUInt16BE(code)
  return payload
}

/** RFC 6455, 7.4, and the codes registered since: 1012 to 1014. */
function mayBeSent(code: number): boolean {
  if (code >= 3000) return code < 5000
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
}
