import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import { expect, it } from 'vitest'
import { CommandLine } from '../testing/command-line.js'
import { createOpenApiDocument } from './openapi/create-openapi-document.js'

it('answers, prints and writes no secret, whatever is asked', async () => {
  const canaries = ['canary-of-the-token', 'canary-of-the-key', 'canary-of-the-secret'] as const
  const [token, apiKey, secret] = canaries
  const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-secrets-'))
  const settings = {
    'server.port': 0,
    'server.controlFile': join(folder, 'control.json'),
    'killSwitch.file': join(folder, 'KILL'),
    'database.enabled': false,
    'logging.file': join(folder, 'log'),
    'logging.level': 'debug',
  }
  const line = new CommandLine({
    CEX_ARBITRAGE_SERVER__TOKEN: token,
    CEX_ARBITRAGE_EXCHANGES__MEXC__API_KEY: apiKey,
    CEX_ARBITRAGE_EXCHANGES__MEXC__SECRET: secret,
  })
  const running = line.run('run', ...Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]))
  const address = (): string | undefined => /Status: (\S+)\/status/.exec(line.output.lines.join('\n'))?.[1]
  await waitFor(() => address() !== undefined || line.exitCode !== 0, 'the engine to start', 14_000)
  try {
    const { paths } = createOpenApiDocument() as { paths: Record<string, Record<string, unknown>> }
    const answers: string[] = []
    for (const [path, methods] of Object.entries(paths)) {
      if (path === '/live' || path === '/stop') continue
      for (const method of Object.keys(methods))
        for (const shown of [token, 'wrong']) {
          const response = await fetch(`${address()}${path}`, {
            method: method.toUpperCase(),
            headers: {
              authorization: `Bearer ${shown}`,
              ...(method !== 'get' && { 'content-type': 'application/json' }),
            },
            ...(method !== 'get' && { body: '{}' }),
          })
          answers.push(await response.text(), JSON.stringify([...response.headers]))
        }
    }
    expect(answers.length).toBeGreaterThan(60)
    line.stop()
    await running
    const files = await Promise.all(
      ['log', 'control.json'].map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
    )
    const everything = [...answers, ...line.output.lines, ...line.output.notes, ...files].join('\n')
    for (const canary of canaries) expect(everything).not.toContain(canary)
  } finally {
    line.stop()
    await running
    await rm(folder, { recursive: true, force: true })
  }
}, 40_000)
