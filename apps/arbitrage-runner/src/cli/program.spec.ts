import { describe, expect, it } from 'vitest'
import { CommandLine } from '../testing/command-line.js'

describe('arb', () => {
  it('teaches with --help and exits with 0', async () => {
    const run = await new CommandLine().run('--help')
    expect(run.exitCode).toBe(0)
    expect(run.output.lines.join('\n')).toContain('Exit codes')
    for (const command of ['run', 'scan', 'books', 'venue-sim', 'check-config'])
      expect((await new CommandLine().run(command, '--help')).output.lines.join('\n')).toContain('Example')
  })

  it('refuses an unknown command with exit code 2 and a suggestion', async () => {
    const run = await new CommandLine().run('scann')
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join('\n')).toContain('scan')
  })
})
