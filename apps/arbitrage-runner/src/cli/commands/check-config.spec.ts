import { describe, expect, it } from 'vitest'
import { CommandLine } from '../../testing/command-line.js'

describe('arb check-config', () => {
  it('prints what is in force, as YAML or JSON', async () => {
    const yaml = await new CommandLine().run('check-config')
    expect(yaml.exitCode).toBe(0)
    expect(yaml.output.lines.join('\n')).toContain('mode: simulated')
    const json = await new CommandLine().run('check-config', '--json', '--set', 'risk.maxOpenOrders=7')
    expect(JSON.parse(json.output.lines[0]!)).toMatchObject({ ok: true, config: { risk: { maxOpenOrders: 7 } } })
  })

  it('reports every problem at once and exits with 2', async () => {
    const args = ['check-config', '--set', 'server.port=70000', '--set', 'risk.maxOpenOrder=5'] as const
    const text = await new CommandLine().run(...args)
    expect(text.exitCode).toBe(2)
    expect(text.output.notes.join('\n')).toContain('server.port')
    expect(text.output.notes.join('\n')).toContain("did you mean 'maxOpenOrders'")
    const json = await new CommandLine().run(...args, '--json')
    expect(json.exitCode).toBe(2)
    expect((JSON.parse(json.output.lines[0]!) as { problems: unknown[] }).problems).toHaveLength(2)
  })

  it('shows no secret', async () => {
    const run = await new CommandLine({ CEX_ARBITRAGE_EXCHANGES__MEXC__SECRET: 'canary-1234' }).run('check-config')
    expect(run.exitCode).toBe(0)
    expect(JSON.stringify(run.output)).not.toContain('canary-1234')
  })

  it('prints the JSON Schema', async () => {
    const run = await new CommandLine().run('check-config', '--schema')
    expect(JSON.parse(run.output.lines.join('\n'))).toHaveProperty('properties.risk')
  })
})
