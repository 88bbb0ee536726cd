#!/usr/bin/env node
// The command line by its name. Before the build there is nothing that npm could link.
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.js', import.meta.url)
if (existsSync(main)) {
  process.setSourceMapsEnabled(true)
  await import(main.href)
} else {
  process.stderr.write('Not built yet: npm run build\n')
  process.exitCode = 1
}
