// Conventional Commits with our scopes. As a commit-msg hook: node tools/check-commit-message.mjs .git/COMMIT_EDITMSG
// Over history: node tools/check-commit-message.mjs --range main..HEAD
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const types = ['feat', 'fix', 'perf', 'refactor', 'test', 'docs', 'build', 'ci', 'chore', 'revert']
export const scopes = [
  'common',
  'config',
  'networking',
  'exchanges',
  'hummingbot',
  'trading',
  'storage',
  'simulator',
  'arbitrage-runner',
  'dashboard',
  'simulation',
  'tools',
  'docs',
  'examples',
  'ci',
  'deps',
  'repo',
]
const maxHeader = 72
const header = /^([a-z]+)(?:\(([a-z-]+)\))?(!)?: (.+)$/

/**
 * What is wrong with a commit message; nothing when it is right.
 *
 * @param {string} message
 * @returns {string[]}
 */
export function checkCommitMessage(message) {
  const lines = message.split('\n').filter((line) => !line.startsWith('#'))
  const first = lines[0] ?? ''
  if (/^(Merge|Revert) /.test(first)) return []
  const parts = header.exec(first)
  if (parts === null) return [`'${first}' is not of the form type(scope): what it does`]
  const [, type = '', scope, , subject = ''] = parts
  const errors = []
  if (!types.includes(type)) errors.push(`'${type}' is no type; use ${types.join(', ')}`)
  if (scope !== undefined && !scopes.includes(scope)) errors.push(`'${scope}' is no scope; use ${scopes.join(', ')}`)
  if (first.length > maxHeader) errors.push(`the first line has ${first.length} characters; at most ${maxHeader}`)
  if (/^[a-z]+(ed|ing)\b/.test(subject) && !/^(embed|feed|need|seed|shed|speed|bring|ping|string)\b/.test(subject))
    errors.push(`'${subject.split(' ')[0]}' is no imperative`)
  if (subject.endsWith('.')) errors.push('the first line ends with a full stop')
  if (lines.length > 1 && lines[1] !== '') errors.push('the second line must be empty')
  return errors
}

/** @param {string[]} words */
function messagesOf(words) {
  if (words[0] !== '--range') return [readFileSync(words[0] ?? '', 'utf8')]
  const log = execFileSync('git', ['log', '--format=%B%x00', words[1] ?? 'HEAD'], { encoding: 'utf8' })
  return log
    .split('\0')
    .map((text) => text.trim())
    .filter((text) => text !== '')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const message of messagesOf(process.argv.slice(2))) {
    for (const error of checkCommitMessage(message)) {
      console.error(`${message.split('\n')[0]}: ${error}`)
      process.exitCode = 1
    }
  }
}
