import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listRepositoryFiles, repositoryRoot } from './repository-files.mjs'

const link = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g
const htmlLink = /<(?:img|a)\s[^>]*\b(?:src|href)="([^"]+)"/g
const code = /^(```|~~~)[\s\S]*?^\1|`[^`\n]*`/gm

/** Headings as GitHub turns them into anchors. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  )
}

/** Relative links of a Markdown text that lead nowhere. */
function brokenLinks(file: string, markdown: string): string[] {
  const text = markdown.replace(code, '')
  const targets = [...text.matchAll(link), ...text.matchAll(htmlLink)].map((match) => match[1] ?? '')
  return targets.filter((target) => {
    if (/^[a-z]+:/i.test(target) || target.startsWith('//')) return false
    const [path = '', anchor] = target.split('#')
    const at = path === '' ? file : resolve(dirname(file), decodeURIComponent(path))
    if (!existsSync(at)) return true
    if (anchor === undefined || !at.endsWith('.md')) return false
    return !anchorsOf(at === file ? markdown : readFileSync(at, 'utf8')).includes(anchor)
  })
}

describe('Markdown links', () => {
  const files = listRepositoryFiles().filter((name) => name.endsWith('.md'))

  it('are looked for in the documents of the repository', () => {
    expect(files).toContain('docs/errors.md')
  })

  it.each(files)('of %s lead somewhere', (name) => {
    const file = resolve(repositoryRoot, name)
    expect(brokenLinks(file, readFileSync(file, 'utf8'))).toEqual([])
  })

  it('are found broken when they are', () => {
    const file = resolve(repositoryRoot, 'docs/errors.md')
    const text = '# A b\n[x](gone.md) [y](errors.md#nowhere) [z](#a-b) [w](https://a.b) ![i](gone.png)\n`[c](gone.md)`'
    expect(brokenLinks(file, text)).toEqual(['gone.md', 'errors.md#nowhere', 'gone.png'])
  })
})
