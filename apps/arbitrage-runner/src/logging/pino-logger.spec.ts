import { describe, expect, it } from 'vitest'
import { createPinoLogger } from './pino-logger.js'

describe('createPinoLogger', () => {
  it('writes JSON lines and hides secrets up to three levels deep', () => {
    let written = ''
    const log = createPinoLogger({ level: 'debug', destination: { write: (text) => void (written += text) } })
    const child = log.child({ component: 'spec' })
    child.info({ apiKey: 'canary', inner: { secret: 'canary', deep: { signature: 'canary' } } }, 'hidden')
    child.debug({}, 'debug')
    child.warn({}, 'warn')
    child.error({}, 'error')
    expect(written).not.toContain('canary')
    expect(written.trim().split('\n')).toHaveLength(4)
    expect(JSON.parse(written.split('\n')[0]!)).toMatchObject({
      component: 'spec',
      msg: 'hidden',
      apiKey: '[redacted]',
    })
  })

  it('writes a field of a child once, as the innermost said it', () => {
    let written = ''
    const log = createPinoLogger({ level: 'debug', destination: { write: (text) => void (written += text) } })
    log.child({ exchange: 'mexc', part: 'a' }).child({ exchange: 'mexc', part: 'b' }).info({}, 'once')
    expect(written.match(/"exchange"/g)).toHaveLength(1)
    expect(JSON.parse(written)).toMatchObject({ exchange: 'mexc', part: 'b' })
  })
})
