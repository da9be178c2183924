// Builds the whole app into out/: first the three processes, then what runs in a plain browser.
import { build } from 'electron-vite'
import { buildWeb } from './build-web.mjs'

await build()
await buildWeb()
