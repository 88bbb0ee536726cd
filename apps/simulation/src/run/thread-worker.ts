import { Worker } from 'node:worker_threads'
import type { SeedResult } from './run-seed.js'
import type { SeedTask, SeedWorker } from './seed-task.js'

/** Carries out tasks on a thread of its own. */
export class ThreadWorker implements SeedWorker {
  private readonly thread: Worker

  /** @param script - What the thread runs: it answers each message, a task, with one message, the results. */
  constructor(script: URL = new URL('./worker-main.js', import.meta.url)) {
    this.thread = new Worker(script)
  }

  /** @throws Error what the thread failed with. */
  run(task: SeedTask): Promise<readonly SeedResult[]> {
    return new Promise((resolve, reject) => {
      this.thread.once('error', reject)
      this.thread.once('message', (results: readonly SeedResult[]) => {
        this.thread.off('error', reject)
        resolve(results)
      })
      this.thread.postMessage(task)
    })
  }

  async close(): Promise<void> {
    await this.thread.terminate()
  }
}
