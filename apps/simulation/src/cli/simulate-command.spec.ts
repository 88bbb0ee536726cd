import { describe, expect, it } from 'vitest'
import { runTask } from '../run/seed-task.js'
import { summarise } from '../run/summarise.js'
import { formatFailure, formatSummary } from './format-summary.js'
import { createSimulateCommand } from './simulate-command.js'

async function run(...args: string[]): Promise<{ readonly lines: string[]; readonly failed: boolean }> {
  const lines: string[] = []
  let failed = false
  const command = createSimulateCommand({
    out: (line) => void lines.push(line),
    progress: () => undefined,
    startWorker: () => ({ run: runTask, close: () => Promise.resolve() }),
    onFailed: () => (failed = true),
  })
  await command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(args, { from: 'user' })
  return { lines, failed }
}

describe('the command', () => {
  it('ends with one line of JSON that has the numbers and the hash', async () => {
    const { lines, failed } = await run('--seeds', '2', '--from', '8', '--workers', '1', '--json')
    expect(failed).toBe(false)
    const result = JSON.parse(lines.at(-1)!) as Record<string, unknown>
    expect(result).toMatchObject({ seeds: 2, stranded: 0, doubleSends: 0, orphans: 0, ledgerMismatches: 0 })
    expect(result['hash']).toMatch(/^[0-9a-f]{64}$/)
    expect(result['naive']).toHaveProperty('gather.stranded')
  })

  it('runs one seed under a schedule that is given, and prints a table', async () => {
    const { lines } = await run('--seed', '3', '--schedule', '{"killAtWrites":[5]}')
    expect(lines.join('\n')).toContain('1 seeds, 1 restarts')
    expect(lines.join('\n')).toContain('market legs, three retries')
  })

  it('refuses what it cannot read', async () => {
    await expect(run('--seeds', 'many')).rejects.toThrow('whole number')
    await expect(run('--seed', '1', '--schedule', '{')).rejects.toThrow("'--schedule <json>'")
  })
})

describe('a failure', () => {
  it('is told with its findings and how to see it again, whole and shrunk', async () => {
    const schedule = { faults: [], killAtWrites: [4, 9] }
    const [result] = await runTask({ seeds: [9], options: { schedule, withNaive: false } })
    const engine = { ...result!.engine, findings: [{ violation: 'orphan', detail: 'arb-1 rests' } as const] }
    const failed = { ...result!, engine }
    const text = formatFailure(failed, { faults: [], killAtWrites: [9] })
    expect(text.split('\n')).toEqual([
      'seed 9 failed:',
      '  orphan: arb-1 rests',
      `  again:  npm run --silent sim -- --no-naive --seed 9 --schedule '{"faults":[],"killAtWrites":[4,9]}'`,
      `  shrunk (2 to 1): npm run --silent sim -- --no-naive --seed 9 --schedule '{"faults":[],"killAtWrites":[9]}'`,
    ])
    expect(formatSummary(summarise([failed]))).toContain('orphans after a restart or the end: 1')
  })
})
