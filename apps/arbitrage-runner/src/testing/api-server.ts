import { request } from 'node:http'
import { silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { loadConfig } from '@cex-arbitrage/config'
import type { HistoryQueries } from '@cex-arbitrage/storage'
import { KillSwitch } from '@cex-arbitrage/trading'
import { LiveSettings } from '../composition/live-settings.js'
import { EngineControl } from '../control/engine-control.js'
import { EngineOperations, type EngineOperationsOptions } from '../control/engine-operations.js'
import { LatencyRecorder } from '../live/latency-recorder.js'
import { EngineMetrics } from '../metrics/engine-metrics.js'
import { EngineServer } from '../server/engine-server.js'
import { sampleModel } from './sample-model.js'

export interface ApiServerOptions extends Partial<Omit<EngineOperationsOptions, 'killSwitch'>> {
  readonly composed?: boolean
  readonly history?: HistoryQueries
  readonly host?: string
  readonly pageFolder?: string
}

/** What came back. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly json: () => unknown
}

/** The API over a switch and settings of its own, with a sample model behind it. */
export class ApiServer {
  static readonly token = 'the-token'
  readonly clock = new ManualClock()
  readonly killSwitch = new KillSwitch(this.clock, silentLogger)
  readonly settings = new LiveSettings(loadConfig({ env: {} }))
  readonly latencies = new LatencyRecorder()
  private readonly server: EngineServer
  private port = 0

  constructor(options: ApiServerOptions = {}) {
    const { composed = true, history, host = '127.0.0.1', pageFolder = '/nonexistent', ...operations } = options
    const model = () => sampleModel
    const live = {
      model,
      equitySeries: () => [sampleModel.equity!],
      metrics: new EngineMetrics(model, this.latencies),
    }
    this.server = new EngineServer({
      host,
      port: 0,
      token: ApiServer.token,
      snapshot: model,
      control: new EngineControl(this.killSwitch),
      operations: new EngineOperations({ killSwitch: this.killSwitch, settings: () => this.settings, ...operations }),
      live: () => (composed ? live : undefined),
      history: () => history,
      pageFolder,
      clock: this.clock,
      logger: silentLogger,
    })
  }

  async start(): Promise<this> {
    this.port = Number(new URL(await this.server.start()).port)
    return this
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  close(): Promise<void> {
    return this.server.close()
  }

  /** As a client with the token. */
  command(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    return this.send(method, path, { authorization: `Bearer ${ApiServer.token}` }, body)
  }

  /** Any headers, `host` included. */
  send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const call = request({ port: this.port, method, path, headers: { ...type, ...headers } }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => {
          const { statusCode = 0, headers: received } = response
          resolve({ status: statusCode, headers: received, text, json: () => JSON.parse(text) as unknown })
        })
      })
      call.on('error', reject)
      call.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
}
