import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import type { Command, CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { nobody } from '../testing/nobody.js'
import { splitCommands } from '../testing/split-commands.js'
import { createProgram } from './program.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

/** A command as a document says it, with its place. */
interface Documented {
  readonly place: string
  readonly words: readonly string[]
}

/** Commands of fenced shell blocks, and those in the text that begin with the name of a program of ours. */
function commandsOf(name: string): readonly Documented[] {
  const text = readFileSync(join(root, name), 'utf8')
  const blocks = [...text.matchAll(/^( *)```(?:sh|bash)\n([\s\S]*?)^\1```/gm)].map((match) => match[2]!)
  const inline = [...text.matchAll(/`((?:arb|npm|npx|node) [^`]+)`/g)].map((match) => match[1]!)
  return [...blocks, ...inline].flatMap(splitCommands).map((words) => ({ place: name, words }))
}

/** The examples of every subcommand's help. */
function examplesOfHelp(): readonly Documented[] {
  const program = createProgram(nobody)
  return [program, ...program.commands].flatMap((command) => {
    let text = ''
    command.configureOutput({ writeOut: (part) => void (text += part) })
    command.outputHelp()
    const [, examples = ''] = text.split(/^Examples?:$/m)
    return splitCommands(examples.replaceAll(/^( *arb .*?) {2,}.*$/gm, '$1')).map((words) => ({
      place: `help of ${command.name()}`,
      words,
    }))
  })
}

/** What follows the name of the command line, however it is called; `undefined` for other programs. */
function argumentsOf(words: readonly string[]): readonly string[] | undefined {
  const text = words.join(' ')
  for (const name of ['arb', 'npx arb', 'npm run --silent arb --', 'npm run arb --'])
    if (text === name || text.startsWith(`${name} `)) return words.slice(name.split(' ').length)
  if (text === 'npm start' || text.startsWith('npm start -- ')) return ['run', ...words.slice(3)]
  return undefined
}

const mentions = new Set(['commander.missingArgument', 'commander.missingMandatoryOptionValue'])

/** Parses without running anything. */
async function parse(args: readonly string[]): Promise<void> {
  const program = createProgram(nobody)
  const disarm = (command: Command): void => {
    command.action(() => undefined)
    command.commands.forEach(disarm)
  }
  program.commands.forEach(disarm)
  await program.parseAsync([...args], { from: 'user' })
}

const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
const documented = [...documents.flatMap(commandsOf), ...examplesOfHelp()]
const ours = documented.flatMap(({ place, words }) => {
  const args = argumentsOf(words)
  return args === undefined ? [] : [[place, args.join(' '), args] as const]
})

describe('a documented command', () => {
  it('is found in many places', () => {
    expect(ours.length).toBeGreaterThan(60)
  })

  it.each(ours)('of %s is understood: arb %s', async (_place, _text, args) => {
    await parse(args).catch((error: unknown) => {
      const { exitCode, code, message } = error as CommanderError
      // The text names a command without saying how to call it, or the reader chooses what stands there.
      const isMention = args.length === 0 || (args.length === 1 && (mentions.has(code) || args[0]!.startsWith('<')))
      if (exitCode !== 0 && !isMention) throw new Error(message)
    })
  })

  it('names scripts and tools that there are', () => {
    const missing = documented.flatMap(({ place, words }) => {
      const [program, verb] = words
      if (program === 'npm' && verb === 'run') {
        const script = words.slice(2).find((word) => !word.startsWith('-'))
        return script !== undefined && script in scripts ? [] : [`${place}: ${words.join(' ')}`]
      }
      const isPath = program === 'node' && verb !== undefined && /^\w[\w./-]*$/.test(verb)
      return !isPath || existsSync(join(root, verb)) ? [] : [`${place}: ${words.join(' ')}`]
    })
    expect(missing).toEqual([])
  })
})
