import { InvariantBrokenException, asCorrelationId } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { CommandLine } from '../testing/command-line.js'
import { nobody } from '../testing/nobody.js'
import { RecordingOutput } from '../testing/recording-output.js'
import { createProgram, runProgram } from './program.js'

const commands = createProgram(nobody).commands.map((command) => command.name())
/** Print JSON anyway, or are asked by `arb status --json` while they run. */
const speakJson = new Set(['run', 'books', 'venue-sim', 'hummingbot-bridge'])

describe('arb', () => {
  it('teaches with --help and exits with 0', async () => {
    const run = await new CommandLine().run('--help')
    expect(run.exitCode).toBe(0)
    expect(run.output.lines.join('\n')).toContain('Exit codes')
  })

  it.each(commands)(
    'teaches %s: what it does, examples that there are, and JSON where it has results',
    async (name) => {
      const help = (await new CommandLine().run(name, '--help')).output.lines.join('\n')
      const examples = help.split(/Examples?:\n/)[1]?.split('\n') ?? []
      const shown = examples.filter((line) => line.startsWith('  arb ')).map((line) => line.trim().split(' ')[1]!)
      expect(shown).toContain(name)
      for (const example of shown) expect(commands).toContain(example)
      for (const option of examples.join(' ').match(/ --[a-z-]+/g) ?? []) expect(help).toContain(option)
      expect(help.split('\n')[2]!.length).toBeGreaterThan(20)
      if (!speakJson.has(name)) expect(help).toContain('--json')
    },
  )

  it('refuses an unknown command with exit code 2 and a suggestion', async () => {
    const run = await new CommandLine().run('scann')
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join('\n')).toContain('scan')
  })

  it.each(['status', 'trades', 'halt'])(
    'fails without an engine, but takes the arguments of %s for right',
    async (name) => {
      const run = await new CommandLine().run(name, '--set', 'server.controlFile=/nonexistent/control.json')
      expect(run.exitCode).toBe(1)
      expect(run.output.notes.join('\n')).toContain('ENGINE_UNREACHABLE: No engine has left its address')
    },
  )

  it('prints its version', async () => {
    expect((await new CommandLine().run('--version')).output.lines.join()).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('says every problem of a configuration once', async () => {
    const run = await new CommandLine().run('run', '--mode', 'live')
    const lines = run.output.notes.join('\n').split('\n')
    expect(lines.filter((line) => line.includes('exchanges.mexc.apiKey'))).toHaveLength(1)
    expect(lines[0]).toBe('The configuration has 6 problems:')
    expect(lines).toHaveLength(7)
  })

  it('shows no default that says nothing', async () => {
    const run = await new CommandLine().run('venue-sim', '--help')
    const help = (await new CommandLine().run('run', '--help')).output.lines.join('\n')
    expect(help).not.toContain('default:')
    expect(run.output.lines.join('\n')).toContain('default: 1')
  })

  it('takes a market that an exchange does not have for a wrong argument', async () => {
    const run = await new CommandLine().run('books', '--exchange', 'mexc', '--market', 'futures', '--capture', 'x')
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join('\n')).toContain('Registered: capture replay gateio/spot/public')
  })

  it.each([
    [
      new InvariantBrokenException({ message: 'it cannot be', correlationId: asCorrelationId('c-9') }),
      3,
      'INVARIANT_BROKEN: it cannot be [c-9]',
    ],
    [new Error('no family'), 1, 'Error: no family'],
  ])('reports %s with its exit code', async (failure, exitCode, text) => {
    const output = new RecordingOutput()
    let code = 0
    await runProgram(['check-config'], {
      ...nobody,
      output: {
        isTerminal: false,
        columns: 80,
        note: (line) => output.note(line),
        raw: () => undefined,
        line: () => {
          throw failure
        },
      },
      exit: (given) => {
        code = given
      },
    })
    expect(code).toBe(exitCode)
    expect(output.notes.join('\n')).toContain(text)
  })
})
