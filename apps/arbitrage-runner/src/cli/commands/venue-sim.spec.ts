import { waitFor } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { CommandLine } from '../../testing/command-line.js'

describe('arb venue-sim', () => {
  it.each(['mexc', 'gateio', 'hummingbot'])('serves %s until it is stopped and says where', async (exchange) => {
    const line = new CommandLine()
    const running = line.run('venue-sim', '--exchange', exchange, '--port', '0', '--seed', '7')
    await waitFor(() => line.output.lines.length > 0, 'the ready line')
    const ready = JSON.parse(line.output.lines[0]!) as Record<string, string>
    expect(ready).toMatchObject({ ready: true, exchange })
    const streams = exchange === 'hummingbot' ? ['ws'] : ['ws', 'futuresWs']
    expect(Object.keys(ready)).toEqual(['ready', 'exchange', 'rest', ...streams, 'admin', 'apiKey', 'secret'])
    const truth = await fetch(`${ready['admin']}/truth`)
    expect(truth.status).toBe(200)
    line.stop()
    await running
    await expect(fetch(`${ready['admin']}/truth`)).rejects.toThrow()
  })

  it.each([
    [['venue-sim', '--exchange', 'nowhere'], 'nowhere'],
    [['venue-sim', '--exchange', 'mexc', '--port', '70000'], 'whole number from 0 to 65535'],
    [['venue-sim'], '--exchange'],
  ])('refuses %j with exit code 2', async (args, why) => {
    const run = await new CommandLine().run(...args)
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join()).toContain(why)
  })
})
