import 'reflect-metadata'
import { parentPort } from 'node:worker_threads'
import { systemClock } from '@cex-arbitrage/common'
import { answerQuestion, type SweepQuestion } from './sweep.js'

parentPort?.on('message', (question: SweepQuestion) => {
  void answerQuestion(question, systemClock).then((answer) => parentPort?.postMessage(answer))
})
