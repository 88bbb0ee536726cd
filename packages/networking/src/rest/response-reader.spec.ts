import fc from 'fast-check'
import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ResponseReader } from './response-reader.js'

class Answer {
  status: number | undefined
  headers: IncomingHttpHeaders = {}
  body = ''
  isReusable: boolean | undefined

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.status = status
    this.headers = headers
  }

  onBody(chunk: Buffer): void {
    this.body += chunk.toString('latin1')
  }

  onComplete(isReusable: boolean): void {
    this.isReusable = isReusable
  }
}

/** Reads the text in pieces that end at the given places. */
function read(text: string, cuts: readonly number[] = []): Answer {
  const answer = new Answer()
  const reader = new ResponseReader(answer)
  const bytes = Buffer.from(text, 'latin1')
  const places = [...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]
  let from = 0
  for (const place of places) {
    if (place > from) reader.read(bytes.subarray(from, place))
    from = Math.max(from, place)
  }
  return answer
}

const ok = 'HTTP/1.1 200 OK\r\n'
const wellFormed = {
  sized: `${ok}Content-Length: 5\r\nX-Mine:  a b \r\n\r\nhello`,
  chunked: `${ok}Transfer-Encoding: chunked\r\n\r\n3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n`,
  'after an informational one': `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok}content-length: 5\r\n\r\nhello`,
}

describe('ResponseReader', () => {
  it.each(Object.entries(wellFormed))('reads a %s answer however the bytes are cut', (_, text) => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
        expect(read(text, cuts)).toMatchObject({ status: 200, body: 'hello', isReusable: true })
      }),
    )
  })

  it('gives names in lower case, values without blanks around, and repeated headers as a list', () => {
    const { headers } = read(`${ok}X-A: 1\r\nx-a:2 \r\nContent-Length: 0\r\n\r\n`)
    expect({ ...headers }).toEqual({ 'x-a': ['1', '2'], 'content-length': '0' })
  })

  it('lets no other request follow where the server says so or speaks an older version', () => {
    expect(read(`${ok}Connection: Keep-Alive, Close\r\ncontent-length: 0\r\n\r\n`).isReusable).toBe(false)
    expect(read('HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n').isReusable).toBe(false)
    expect(read('HTTP/1.1 204 No Content\r\n\r\n').isReusable).toBe(true)
  })

  it('reads to the end of the stream where no length is given, and lets nothing follow', () => {
    const answer = new Answer()
    const reader = new ResponseReader(answer)
    reader.read(Buffer.from(`${ok}\r\nhel`))
    reader.read(Buffer.from('lo'))
    expect(answer.isReusable).toBeUndefined()
    reader.end()
    reader.end()
    expect(answer).toMatchObject({ body: 'hello', isReusable: false })
  })

  it.each([
    ['nothing', ''],
    ['half a head', `${ok}content-length: 5\r\n`],
    ['half a body', `${ok}content-length: 5\r\n\r\nhel`],
    ['no last chunk', `${ok}transfer-encoding: chunked\r\n\r\n3\r\nhel\r\n`],
  ])('takes %s for no answer when the stream ends', (_, text) => {
    const reader = new ResponseReader(new Answer())
    reader.read(Buffer.from(text))
    expect(() => reader.end()).toThrow(/before the answer was whole/)
  })

  it.each([
    ['no status line', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['another version', 'HTTP/2 200 OK\r\n\r\n'],
    ['an upgrade', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['a header without colon', `${ok}nonsense\r\n\r\n`],
    ['a folded header', `${ok}a: 1\r\n b\r\n\r\n`],
    ['two lengths', `${ok}content-length: 5\r\ncontent-length: 6\r\n\r\n`],
    ['a length and a coding', `${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`],
    ['another coding', `${ok}transfer-encoding: gzip, chunked\r\n\r\n`],
    ['a signed length', `${ok}content-length: +5\r\n\r\n`],
    ['a length beyond exactness', `${ok}content-length: 99999999999999999999\r\n\r\n`],
    ['a chunk size that is none', `${ok}transfer-encoding: chunked\r\n\r\nxyz\r\n`],
    ['a chunk longer than it says', `${ok}transfer-encoding: chunked\r\n\r\n3\r\nhello\r\n`],
    ['a trailer that is none', `${ok}transfer-encoding: chunked\r\n\r\n0\r\nnonsense\r\n\r\n`],
    ['bytes behind the end', `${ok}content-length: 2\r\n\r\nhello`],
    ['an endless head', `${ok}a: ${'x'.repeat(70_000)}`],
    ['an endless line', `${ok}transfer-encoding: chunked\r\n\r\n${'0'.repeat(5_000)}`],
  ])('refuses %s', (_, text) => {
    expect(() => read(text)).toThrow(Error)
  })
})
