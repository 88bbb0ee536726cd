import { createInnerFailure } from './api-error.js'
import * as schemas from './api-schemas.js'
import type { ApiTransport } from './api-transport.js'

/** Bots (`/bot-orchestration`). */
export class BotsApi {
  constructor(private readonly transport: ApiTransport) {}

  async fetchStatuses(): Promise<unknown> {
    return (await this.transport.get('/bot-orchestration/status', schemas.botAnswerSchema)).data
  }

  /** @throws {@link HummingbotException} `invalid_order`: the server knows no such bot. */
  async fetchStatus(botName: string): Promise<unknown> {
    const path = `/bot-orchestration/${encodeURIComponent(botName)}/status`
    const { data } = await this.transport.get(path, schemas.botAnswerSchema)
    if ((data as { readonly status?: unknown } | undefined)?.status === 'not_found')
      throw createInnerFailure(`GET ${path}`, `Bot ${botName} not found`)
    return data
  }

  /** @param query - `days` 0 is since the start; `timeout` in seconds. */
  async fetchHistory(
    botName: string,
    query: { readonly days?: number; readonly verbose?: boolean; readonly timeout?: number } = {},
  ): Promise<unknown> {
    const path = `/bot-orchestration/${encodeURIComponent(botName)}/history`
    const { response } = await this.transport.get(path, schemas.botAnswerSchema, query)
    if (response?.success !== true) throw createInnerFailure(`GET ${path}`, response?.message ?? undefined)
    return response.data
  }

  /** Success means that the command was published, not that the bot has started. */
  async startBot(options: {
    readonly bot_name: string
    readonly script?: string
    readonly conf?: string
  }): Promise<void> {
    await this.commandBot('/bot-orchestration/start-bot', options)
  }

  async stopBot(options: { readonly bot_name: string; readonly skip_order_cancellation?: boolean }): Promise<void> {
    await this.commandBot('/bot-orchestration/stop-bot', options)
  }

  private async commandBot(path: string, body: object): Promise<void> {
    const { response } = await this.transport.command('POST', path, schemas.botAnswerSchema, body)
    if (response?.success !== true) throw createInnerFailure(`POST ${path}`, response?.message ?? undefined)
  }
}

/** Executors (`/executors`). */
export class ExecutorsApi {
  constructor(private readonly transport: ApiTransport) {}

  /**
   * Creates an executor; sent once.
   *
   * @param config - With an `id` of the caller's own, `fetchExecutor` tells after a lost answer whether it exists; the
   * server does not refuse a second one with the same id.
   */
  createExecutor(
    config: Readonly<Record<string, unknown>> & { readonly type: string },
    options: { readonly account_name?: string; readonly controller_id?: string } = {},
  ): Promise<schemas.HummingbotApiExecutor> {
    return this.transport.command('POST', '/executors/', schemas.executorSchema, {
      ...options,
      executor_config: config,
    })
  }

  fetchExecutor(executorId: string): Promise<schemas.HummingbotApiExecutor> {
    return this.transport.get(`/executors/${encodeURIComponent(executorId)}`, schemas.executorSchema)
  }

  searchExecutors(query: Readonly<Record<string, unknown>> = {}) {
    return this.transport.query('/executors/search', schemas.pageSchema(schemas.executorSchema), query)
  }

  stopExecutor(executorId: string, keepPosition = false): Promise<schemas.HummingbotApiExecutor> {
    return this.transport.command('POST', `/executors/${encodeURIComponent(executorId)}/stop`, schemas.executorSchema, {
      keep_position: keepPosition,
    })
  }
}
