// Writes config.schema.json and config.example.yaml from the schemas of the built config package.
import { writeFileSync } from 'node:fs'
import { createJsonSchema } from '@cex-arbitrage/config'
import { renderExample } from './config-example.mjs'

const root = new URL('../', import.meta.url)
writeFileSync(new URL('config.schema.json', root), `${JSON.stringify(createJsonSchema(), null, 2)}\n`)
writeFileSync(new URL('config.example.yaml', root), renderExample(createJsonSchema()))
