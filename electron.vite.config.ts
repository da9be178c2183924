import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'

const at = (path: string) => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        // One entry per process or thread that something starts. Only index.ts may import `electron`: entries share chunks.
        input: {
          index: at('src-main/index.ts'),
          cli: at('src-main/cli.ts'),
          trainer: at('src-main/training/trainer.node.ts'),
          batches: at('src-main/training/batches.worker.node.ts'),
          pixels: at('src-main/images/pixels.worker.node.ts')
        },
        output: { format: 'es' }
      }
    }
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is one CommonJS file with nothing left to require.
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: at('src-main/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: 'src-renderer',
    plugins: [svelte({ configFile: at('svelte.config.js') })],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      rollupOptions: {
        input: { index: at('src-renderer/index.html'), trainer: at('src-renderer/trainer.html') }
      }
    }
  }
})
