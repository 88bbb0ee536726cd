import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkConfig, loadConfig, type EngineConfig, type LoadConfigOptions } from '@cex-arbitrage/config'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { CommandLine } from '../testing/command-line.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const textOf = (name: string): string => readFileSync(join(root, name), 'utf8')

interface Service {
  readonly image?: string
  readonly build?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly read_only?: boolean
  readonly stop_grace_period?: string
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
  readonly volumes?: Readonly<Record<string, unknown>>
}

const readCompose = (name: string): Compose => parse(textOf(`deploy/${name}`), { merge: true }) as Compose
const base = readCompose('compose.yaml')
const live = readCompose('compose.live.yaml')
const dockerfile = textOf('Dockerfile')
const secretPrefix = 'file:/run/secrets/'

/** A service as both files make it. */
function merged(name: string): Service {
  const [under, over] = [base.services[name], live.services[name]]
  return {
    ...under,
    ...over,
    environment: { ...under?.environment, ...over?.environment },
    secrets: [...new Set([...(under?.secrets ?? []), ...(over?.secrets ?? [])])],
  }
}

/** The configuration of a service; secrets have some content. */
function sourceOf({ environment = {}, command = ['run'] }: Service): LoadConfigOptions {
  const env = Object.entries(environment)
    .filter(([name]) => name !== 'CEX_ARBITRAGE_CONFIG')
    .map(([name, value]): [string, string] => [name, contentOf(value)])
  return { file: join(root, 'deploy/config.yaml'), env: Object.fromEntries(env), arm: command.includes('--arm') }
}

const contentOf = (value: string): string => {
  if (!value.startsWith(secretPrefix)) return value
  return value.endsWith('database_url') ? 'postgres://arbitrage:password@postgres:5432/arbitrage' : 'content'
}

function configOf(service: Service): EngineConfig {
  expect(checkConfig(sourceOf(service)).problems).toEqual([])
  return loadConfig(sourceOf(service))
}

const mounts = (service: Service): string[] => (service.volumes ?? []).map((mount) => mount.split(':')[0]!)

describe('the compose files', () => {
  it('configure the engine with settings that there are', () => {
    const simulated = configOf(base.services['runner']!)
    expect(simulated).toMatchObject({ mode: 'simulated', server: { host: '0.0.0.0', port: 8080 } })
    const armed = configOf(merged('runner'))
    expect(armed).toMatchObject({ mode: 'live', live: { armed: true } })
    expect(armed.exchanges['mexc']?.apiKey?.reveal()).toBe('content')
    const watchdog = configOf(live.services['watchdog']!)
    expect(watchdog.execution.watchdog).toEqual(armed.execution.watchdog)
  })

  it('reach a published port of the runner from this machine alone', () => {
    const services = { ...base.services, ...live.services }
    for (const { ports = [] } of Object.values(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
    const { port } = configOf(base.services['runner']!).server
    expect(base.services['runner']!.ports).toEqual([`127.0.0.1:${port}:${port}`])
    expect(dockerfile).toContain(`EXPOSE ${port}`)
    expect(dockerfile).toContain(`http://127.0.0.1:${port}/health`)
  })

  it.each(['compose.yaml', 'compose.live.yaml'])('mount and name only what there is: %s', (name) => {
    const { services, secrets, volumes = {} } = readCompose(name)
    const declared = { ...base.secrets, ...secrets }
    for (const [service, { secrets: used = [], environment = {}, ...rest }] of Object.entries(services)) {
      for (const mount of mounts(rest)) {
        if (mount.startsWith('.')) expect(existsSync(resolve(root, 'deploy', mount)), mount).toBe(true)
        else expect({ ...base.volumes, ...volumes }).toHaveProperty(mount)
      }
      for (const secret of used) expect(declared).toHaveProperty(secret)
      for (const value of Object.values(environment)) {
        const [, secret] = /\/run\/secrets\/(\w+)/.exec(value) ?? []
        if (secret !== undefined) expect(merged(service).secrets).toContain(secret)
      }
    }
    for (const { file } of Object.values(secrets)) expect(file).toMatch(/^\.\/secrets\/\w+$/)
  })

  it('keep the folder of secrets out of image and repository', () => {
    expect(textOf('.dockerignore').split('\n')).toContain('deploy/secrets')
    expect(textOf('.gitignore').split('\n')).toContain('deploy/secrets/')
  })

  it('pin every image, and give the runner time to end in order and no rights', () => {
    for (const [name, { image }] of Object.entries({ ...base.services, ...live.services }))
      if (image !== undefined) expect(image, name).toMatch(/:(v?\d+\.\d+|local$)/)
    const { stop_grace_period: grace = '', read_only: readOnly } = base.services['runner']!
    const { shutdownTimeoutMs } = configOf(merged('runner')).execution
    expect(Number.parseInt(grace, 10) * 1_000).toBeGreaterThan(shutdownTimeoutMs)
    expect(readOnly).toBe(true)
  })

  it('run commands that the command line has', async () => {
    for (const { command } of Object.values(live.services)) {
      const [name = ''] = command ?? []
      const help = (await new CommandLine().run(name, '--help')).output.lines.join('\n')
      for (const option of (command ?? []).slice(1)) expect(help).toContain(option)
    }
  })
})

describe('the image', () => {
  const packages = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).filter((name) => existsSync(join(root, folder, name, 'package.json'))),
  )

  it('is built from the manifest of every package', () => {
    for (const name of packages)
      expect(dockerfile).toMatch(new RegExp(`^COPY (packages|apps)/${name}/package.json `, 'm'))
  })

  it('starts what a build makes, as a user without rights', () => {
    const manifest = JSON.parse(textOf('apps/arbitrage-runner/package.json')) as { bin: { arb: string } }
    expect(dockerfile).toContain(`"${join('apps/arbitrage-runner', manifest.bin.arb)}"`)
    expect(dockerfile).toMatch(/^USER node$/m)
    expect(dockerfile.indexOf('USER node')).toBeLessThan(dockerfile.indexOf('ENTRYPOINT'))
    const { engines, scripts } = JSON.parse(textOf('package.json')) as {
      readonly engines: { readonly node: string }
      readonly scripts: Readonly<Record<string, string>>
    }
    const [, major] = /NODE_IMAGE=node:(\d+)\./.exec(dockerfile) ?? []
    expect(engines.node).toContain(`>=${major}.`)
    expect(Object.keys(scripts)).toContain('build')
  })

  it('has a folder for everything that the engine writes', () => {
    const { journal, execution, killSwitch, server } = loadConfig({ env: {} })
    for (const path of [journal.folder, execution.watchdog.heartbeatFile, killSwitch.file, server.controlFile])
      expect(path.split('/')[0]).toBe('data')
    expect(dockerfile).toContain('VOLUME ["/app/data"]')
  })
})

describe('Prometheus and Grafana', () => {
  it('scrape the runner with its token and read the rules that are mounted', () => {
    const { scrape_configs: jobs, rule_files: rules } = parse(textOf('deploy/prometheus/prometheus.yml')) as {
      readonly rule_files: readonly string[]
      readonly scrape_configs: readonly {
        readonly metrics_path: string
        readonly authorization: { readonly credentials_file: string }
        readonly static_configs: readonly { readonly targets: readonly string[] }[]
      }[]
    }
    expect(jobs[0]!.static_configs[0]!.targets).toEqual(['runner:8080'])
    expect(jobs[0]!.authorization.credentials_file).toBe('/run/secrets/server_token')
    expect(base.services['prometheus']!.secrets).toContain('server_token')
    const folder = dirname('/etc/prometheus/prometheus.yml')
    for (const rule of rules)
      expect(base.services['prometheus']!.volumes?.some((mount) => mount.includes(`:${join(folder, rule)}:`))).toBe(
        true,
      )
  })

  it('show the dashboard from the source that is provisioned', () => {
    const { datasources } = parse(textOf('deploy/grafana/provisioning/datasources/prometheus.yaml')) as {
      readonly datasources: readonly { readonly url: string; readonly type: string; readonly isDefault: boolean }[]
    }
    expect(datasources).toEqual([expect.objectContaining({ type: 'prometheus', isDefault: true })])
    expect(Object.keys(base.services)).toContain(new URL(datasources[0]!.url).hostname)
    const { providers } = parse(textOf('deploy/grafana/provisioning/dashboards/cex-arbitrage.yaml')) as {
      readonly providers: readonly { readonly options: { readonly path: string } }[]
    }
    const { path } = providers[0]!.options
    expect(base.services['grafana']!.volumes?.some((mount) => mount.includes(`:${path}/`))).toBe(true)
  })
})

describe('the systemd unit', () => {
  const unit = textOf('deploy/cex-arbitrage.service').split('\n')
  const dropIn = textOf('deploy/cex-arbitrage.service.d/live.conf').split('\n')
  const valuesOf = (key: string, lines: readonly string[] = unit): string[] =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1))
  const settingsOf = (lines: readonly string[]): Record<string, string> =>
    Object.fromEntries(valuesOf('Environment', lines).map((pair) => pair.split('=') as [string, string]))

  it('is made of sections, settings and comments', () => {
    for (const line of [...unit, ...dropIn]) expect(line).toMatch(/^$|^#|^\[(Unit|Service|Install)\]$|^[A-Z]\w+=.*$/)
  })

  it('starts the program with settings that there are, and lets it end in order', () => {
    const manifest = JSON.parse(textOf('apps/arbitrage-runner/package.json')) as { bin: { arb: string } }
    const starts = [...valuesOf('ExecStart'), ...valuesOf('ExecStart', dropIn)]
    expect(starts).toEqual([starts[0], '', `${starts[0]} --arm`])
    expect(starts[0]).toContain(join('/opt/cex-arbitrage/apps/arbitrage-runner', manifest.bin.arb))
    const { CEX_ARBITRAGE_CONFIG: file, ...settings } = settingsOf(unit)
    expect(file).toBe('/etc/cex-arbitrage/config.yaml')
    expect(checkConfig({ env: settings }).problems).toEqual([])
    const { shutdownTimeoutMs } = loadConfig({ env: {} }).execution
    expect(Number(valuesOf('TimeoutStopSec')[0]) * 1_000).toBeGreaterThan(shutdownTimeoutMs)
  })

  it('arms live mode in its drop-in alone, with keys that it loads', () => {
    const credentials = valuesOf('LoadCredential', dropIn).map((value) => value.split(':')[0]!)
    const live = settingsOf(dropIn)
    const files = Object.values(live).filter((value) => value.startsWith('file:'))
    expect(files).toEqual(credentials.map((name) => `file:/run/credentials/cex-arbitrage.service/${name}`))
    const env = Object.fromEntries(
      Object.entries(live).map(([name, value]) => [name, value.startsWith('file:') ? 'content' : value]),
    )
    expect(checkConfig({ env, arm: true }).problems).toEqual([])
    expect(loadConfig({ env, arm: true }).mode).toBe('live')
    expect(unit.join('\n')).not.toContain('ARMED')
  })

  it('leaves the watchdog alive, and does not start again what stopped for a reason', () => {
    expect(valuesOf('KillMode')).toEqual(['process'])
    expect(valuesOf('RestartPreventExitStatus')).toEqual(['2 3'])
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual([])
    expect(valuesOf('NoNewPrivileges')).toEqual(['yes'])
  })
})
