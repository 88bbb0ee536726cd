import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listRepositoryFiles, repositoryRoot } from './repository-files.mjs'

const files = listRepositoryFiles()
const textOf = (name: string): string => readFileSync(join(repositoryRoot, name), 'utf8')

/** Folders of one machine; written in parts, so that this file does not find itself. */
const machinePath = new RegExp(`(?<![\\w.:/-])/(${['work', 'home', 'root', 'Users'].join('|')})/[\\w.-]+`)
const binary = /\.(png|jpg|gz|zst|bin|woff2?|ico|wasm)$/
const largestBytes = 2_000_000

describe('package-lock.json', () => {
  it('names no registry host, so that it installs through anybody’s', () => {
    const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { resolved?: string }> }
    const hosts = Object.entries(lock.packages).filter(([, { resolved }]) => resolved?.includes('://'))
    expect(hosts.map(([name]) => name)).toEqual([])
  })
})

describe('the files of the repository', () => {
  it('name no folder of somebody’s machine', () => {
    const found = files
      .filter((name) => !binary.test(name) && name !== 'package-lock.json')
      .flatMap((name) => {
        const match = machinePath.exec(textOf(name))
        return match === null ? [] : `${name}: ${match[0]}`
      })
    expect(found).toEqual([])
  })

  it('are small', () => {
    expect(files.filter((name) => statSync(join(repositoryRoot, name)).size > largestBytes)).toEqual([])
  })

  it('hold nothing that was built', () => {
    expect(files.filter((name) => /(^|\/)(dist|coverage|node_modules|\.nx)\//.test(name))).toEqual([])
  })
})

describe('fixtures', () => {
  it('say where they come from', () => {
    const folders = new Set(
      files.filter((name) => name.includes('/fixtures/')).map((name) => `${name.split('/fixtures/')[0]}/fixtures`),
    )
    expect([...folders].filter((folder) => !files.includes(`${folder}/README.md`))).toEqual([])
  })

  it('lie beside the code that reads them', () => {
    const homes = files
      .filter((name) => name.includes('/fixtures/'))
      .map((name) => dirname(name.split('/fixtures/')[0] ?? ''))
    expect(homes.every((home) => /^(packages|apps|tools|examples)\b/.test(home))).toBe(true)
  })
})
