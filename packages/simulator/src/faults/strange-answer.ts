import { gzipSync } from 'node:zlib'
import type { RestResponse } from '../server/rest-exchange.js'
import { encodeResponse } from '../server/rest-reply.js'
import type { FaultRule } from './fault-rule.js'

const success = 200

/** What a gateway, a cache or a broken server puts in the place of an answer: whole as HTTP, and of no use to the client. */
export function createStrangeAnswer({ mode = 'empty' }: FaultRule, answer: RestResponse): RestResponse {
  const { route } = answer
  const base = { status: success, ...(route !== undefined && { route }) }
  switch (mode) {
    case 'no_content':
      return { ...base, status: 204, body: '' }
    case 'html':
      return { ...base, body: '<html><body>Please wait.</body></html>', contentType: 'text/html' }
    case 'redirect':
      return { ...base, status: 302, body: '', headers: { location: '/maintenance' } }
    case 'half': {
      const { bytes } = encodeResponse(answer)
      return { ...answer, body: bytes.toString('utf8').slice(0, bytes.length >> 1) }
    }
    case 'null':
      return { ...base, body: 'null' }
    case 'object':
      return { ...base, body: {} }
    case 'list':
      return { ...base, body: [] }
    case 'gzip': {
      const { bytes } = encodeResponse(answer)
      return { ...answer, body: gzipSync(bytes), headers: { ...answer.headers, 'content-encoding': 'gzip' } }
    }
    case 'empty':
    case 'cut':
    case 'hang':
      return { ...base, body: '' }
  }
}
