import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VerifyReport } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { sendResponse, toRequest } from '#main/api/http'
import { findBrowser, INSTALL_BROWSER } from '../browser'
import type { Verification } from './session'

const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-dev-shm-usage',
  // A page without a window counts as hidden, and hidden pages are slowed down.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--password-store=basic',
  '--use-mock-keychain'
]

/**
 * Runs a check in a browser without a window, for hosts that have none themselves: serves it on a loopback port for
 * as long as it takes, and leaves neither process nor file behind.
 *
 * @throws JaccardError `missing-part` if no browser is installed or it does not start, `cancelled` on the signal,
 * and what the check's result rejects with.
 */
export async function runHeadless(verification: Verification, signal?: AbortSignal): Promise<VerifyReport> {
  const browser = await findBrowser()
  if (!browser) {
    const sentence = `No browser was found to check the model with; ${INSTALL_BROWSER}.`
    verification.cancel(new JaccardError('missing-part', sentence))
    return verification.result
  }
  const stop = () => verification.cancel(new JaccardError('cancelled', 'The check was cancelled.'))
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop, { once: true })
  const server = createServer((incoming, outgoing) => {
    void verification
      .handle(toRequest(incoming, 'http://127.0.0.1'))
      .then((response) => sendResponse(response, outgoing, incoming.method === 'HEAD'))
  })
  try {
    const port = await listen(server)
    return await withBrowser(browser, `http://127.0.0.1:${port}${verification.page}`, verification)
  } finally {
    signal?.removeEventListener('abort', stop)
    server.close()
    server.closeAllConnections()
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function withBrowser(
  browser: string,
  address: string,
  verification: Verification
): Promise<VerifyReport> {
  const profile = await mkdtemp(join(tmpdir(), 'jaccard-browser-'))
  // Chromium refuses to sandbox a process of root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(browser, [...FLAGS, ...sandbox, `--user-data-dir=${profile}`, address], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that its helper processes end with it.
    detached: process.platform !== 'win32'
  })
  let lastWords = ''
  child.stderr.on('data', (text: Buffer) => (lastWords = (lastWords + text.toString()).slice(-500)))
  const ended = new Promise<void>((resolve) => {
    child.once('error', (cause) => {
      verification.cancel(
        new JaccardError('missing-part', `${browser} does not start; ${INSTALL_BROWSER}.`, { cause })
      )
      resolve()
    })
    child.once('close', (code) => {
      const words = lastWords.trim().split('\n').at(-1) ?? ''
      verification.cancel(
        new JaccardError(
          'missing-part',
          `${browser} ended before the check was done (code ${code}). ${words}`.trim()
        )
      )
      resolve()
    })
  })
  const end = () => {
    if (child.pid === undefined || child.exitCode !== null) return
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
    } catch {
      // It has ended in the meantime.
    }
  }
  process.once('exit', end)
  try {
    return await verification.result
  } finally {
    process.off('exit', end)
    end()
    await ended
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}
