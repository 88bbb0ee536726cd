import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { drawDependencyGraph, readGraph } from './draw-dependency-graph.mjs'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'graph-'))
  addPackage('common', [])
  addPackage('config', ['common'])
  addPackage('networking', ['common', 'config'])
  addPackage('simulator', ['common'])
})
afterEach(() => rmSync(root, { recursive: true }))

function addPackage(name: string, uses: readonly string[]): void {
  const folder = join(root, 'packages', name)
  mkdirSync(folder, { recursive: true })
  const dependencies = Object.fromEntries(
    [...uses, 'zod'].map((other) => [other === 'zod' ? other : `@s/${other}`, '1']),
  )
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: `@s/${name}`, dependencies, nx: { tags: [`layer:${name}`] } }),
  )
}

describe('drawDependencyGraph', () => {
  it('leaves out what follows from other arrows, and foreign packages', () => {
    expect(readGraph(root).map(({ name, uses }) => [name, uses])).toEqual([
      ['networking', ['config']],
      ['simulator', ['common']],
      ['config', ['common']],
      ['common', []],
    ])
  })

  it('writes both drawings, and says when they are no longer current', () => {
    expect(drawDependencyGraph(root, true)).toEqual(['docs/dependency-graph.svg', 'docs/dependency-graph.md'])
    expect(drawDependencyGraph(root, false)).toHaveLength(2)
    expect(drawDependencyGraph(root, true)).toEqual([])
    expect(readFileSync(join(root, 'docs/dependency-graph.md'), 'utf8')).toContain('  networking --> config\n')
    expect(readFileSync(join(root, 'docs/dependency-graph.svg'), 'utf8')).toMatch(
      /^<svg .*>simulator<\/text>.*<\/svg>\n$/s,
    )
    addPackage('exchanges', ['networking'])
    expect(drawDependencyGraph(root, true)).toHaveLength(2)
  })
})
