import type { Duplex } from 'node:stream'

/** What a lane needs of a socket: a stream of bytes both ways that may or may not keep the process alive. */
export interface LaneStream extends Duplex {
  ref(): unknown
  unref(): unknown
}
