import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { HummingbotClient } from '@cex-arbitrage/hummingbot'
import { createVenue, type VenueHost } from '@cex-arbitrage/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../../testing/command-line.js'

const exchange = ['--exchange', 'binance=master_account/binance']
const secrets = {
  HUMMINGBOT_BRIDGE_KEYS: 'one,two',
  HUMMINGBOT_API_USERNAME: 'user',
  HUMMINGBOT_API_PASSWORD: 'password',
}

let folder: string
let venue: VenueHost

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-'))
  venue = createVenue('hummingbot', { market: { kind: 'manual' } })
})

afterEach(async () => {
  await venue.close()
  await rm(folder, { recursive: true })
})

describe('arb hummingbot-bridge', () => {
  it('serves the protocol in front of a hummingbot-api until it is stopped', async () => {
    const { origin, apiKey, secret } = await venue.start()
    const line = new CommandLine({ ...secrets, HUMMINGBOT_API_USERNAME: apiKey, HUMMINGBOT_API_PASSWORD: secret })
    const store = join(folder, 'orders.jsonl')
    const running = line.run('hummingbot-bridge', ...exchange, '--port', '0', '--upstream', origin, '--store', store)
    await waitFor(() => line.output.lines.length > 0, 'the ready line')
    const ready = JSON.parse(line.output.lines[0]!) as { ready: boolean; ws: string }
    expect(ready).toEqual({ ready: true, ws: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/ws$/) as string })
    const client = new HummingbotClient({
      eventEngine: { put: () => undefined },
      apiHost: '127.0.0.1',
      apiPort: Number(new URL(ready.ws).port),
      apiKey: 'two',
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
    })
    await client.connect()
    expect(await client.getBalances({ exchange: 'binance' })).toMatchObject({ binance: { USDT: { total: '100000' } } })
    await client.disconnect()
    line.stop()
    await running
    expect(line.exitCode).toBe(0)
    expect(await readFile(store, 'utf8')).toBe('')
    await expect(fetch(ready.ws.replace('ws', 'http'))).rejects.toThrow()
  })

  it.each([
    [[], secrets, '--exchange'],
    [['--exchange', 'binance'], secrets, 'name=account/connector'],
    [[...exchange, '--symbol', 'x'], secrets, 'market=BASE-QUOTE'],
    [[...exchange, '--port', '70000'], secrets, 'whole number'],
    [[...exchange, '--upstream', 'localhost'], secrets, 'http://'],
    [[...exchange, '--tls-key', 'x'], secrets, 'both --tls-key and --tls-cert'],
    [[...exchange, '--tls-key', '/nonexistent', '--tls-cert', 'x'], secrets, 'cannot be read'],
    [exchange, { ...secrets, HUMMINGBOT_BRIDGE_KEYS: '' }, 'HUMMINGBOT_BRIDGE_KEYS'],
    [[...exchange, '--host', '203.0.113.1', '--symbol', 'XBTUSD=BTC-USD'], secrets, 'cannot start'],
  ])('refuses %j with exit code 2', async (args, env, why) => {
    const run = await new CommandLine(env).run('hummingbot-bridge', ...args)
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join()).toContain(why)
  })

  it('needs a certificate that belongs to its key', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    await writeFile(key, 'no key')
    await writeFile(cert, 'no certificate')
    const run = await new CommandLine(secrets).run(
      'hummingbot-bridge',
      ...exchange,
      '--tls-key',
      key,
      '--tls-cert',
      cert,
    )
    expect([run.exitCode, run.output.notes.join()]).toEqual([2, expect.stringContaining('cannot start')])
  })
})
