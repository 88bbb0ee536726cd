import { parentPort, workerData } from 'node:worker_threads'
import { asDatabaseException } from '../open-database.js'
import { DatabaseHost } from './database-host.js'
import type { HistoryHostOptions } from './history-host.js'
import { openingReplyId, type HostFailure, type HostReply, type HostRequest } from './worker-messages.js'

/** Entry of the database's own thread: opens the host and answers calls until it is closed. */
async function serve(): Promise<void> {
  const port = parentPort!
  const reply = (message: HostReply): void => port.postMessage(message)
  let host: DatabaseHost
  try {
    host = await DatabaseHost.open(workerData as HistoryHostOptions)
  } catch (error) {
    reply({ id: openingReplyId, failure: failureOf(error) })
    port.close()
    return
  }
  port.on('message', ({ id, method, args }: HostRequest) => {
    const call = host[method] as (...given: readonly unknown[]) => Promise<unknown>
    call.apply(host, [...args]).then(
      (result) => {
        reply({ id, result })
        if (method === 'close') port.close()
      },
      (error: unknown) => reply({ id, failure: failureOf(error) }),
    )
  })
  reply({ id: openingReplyId, result: undefined })
}

function failureOf(error: unknown): HostFailure {
  const { code, message } = asDatabaseException(error, 'working')
  return { code, message }
}

await serve()
