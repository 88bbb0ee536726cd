import { parentPort } from 'node:worker_threads'
import { runTask, type SeedTask } from './seed-task.js'

parentPort?.on('message', (task: SeedTask) => {
  runTask(task).then(
    (results) => parentPort?.postMessage(results),
    (error: unknown) => {
      throw error
    },
  )
})
