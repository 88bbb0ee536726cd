import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ControlFile } from './control-file.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-control-'))
})
afterEach(() => rm(folder, { recursive: true }))

const address = { address: 'http://127.0.0.1:8080', token: 'made', pid: 7 }

describe('ControlFile', () => {
  it('is read by its own user alone, and goes with the engine', async () => {
    const path = join(folder, 'data', 'control.json')
    const file = new ControlFile(path)
    await file.write(address)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await new ControlFile(path).read()).toEqual(address)
    await file.remove()
    expect(await file.read()).toBeUndefined()
  })

  it('leaves what another engine has written', async () => {
    const path = join(folder, 'control.json')
    const [first, second] = [new ControlFile(path), new ControlFile(path)]
    await first.write(address)
    await second.write({ ...address, pid: 8 })
    await first.remove()
    expect(await second.read()).toMatchObject({ pid: 8 })
  })

  it('reads nothing where there is nothing that can be understood', async () => {
    const path = join(folder, 'control.json')
    await writeFile(path, '{"address":"nowhere"}')
    expect(await new ControlFile(path).read()).toBeUndefined()
  })
})
