import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandLine } from '@cex-arbitrage/arbitrage-runner/testing'
import { waitFor } from '@cex-arbitrage/common/testing'

/** An engine in simulated mode that trades often, with the token of the test. */
export class LocalEngine {
  private constructor(
    readonly address: string,
    private readonly line: CommandLine,
    private readonly running: Promise<unknown>,
    private readonly folder: string,
  ) {}

  static readonly token = 'token-of-the-specs'

  /** @param port - 0 takes a free one. */
  static async start(port = 0): Promise<LocalEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-page-'))
    const settings = {
      'server.port': port,
      'server.controlFile': join(folder, 'control.json'),
      'killSwitch.file': join(folder, 'KILL'),
      'simulation.dislocations.perMinute': 120,
    }
    const line = new CommandLine({ CEX_ARBITRAGE_SERVER__TOKEN: LocalEngine.token })
    const set = Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`])
    const running = line.run('run', ...set)
    const find = (): string | undefined => /Status: (\S+)\/status/.exec(line.output.lines.join('\n'))?.[1]
    await waitFor(() => find() !== undefined || line.exitCode !== 0, 'the engine to start', 14_000)
    if (find() === undefined) throw new Error([...line.output.lines, ...line.output.notes].join('\n'))
    return new LocalEngine(find()!, line, running, folder)
  }

  get port(): number {
    return Number(new URL(this.address).port)
  }

  async stop(): Promise<void> {
    this.line.stop()
    await this.running
    await rm(this.folder, { recursive: true, force: true })
  }
}
