// @vitest-environment node
import { expect, test } from 'vitest'
import { coalesced } from '../../../src-renderer/shared/coalesced'

test('a flood of calls becomes two runs, the second after the last call', async () => {
  let runs = 0
  let finish = () => {}
  const call = coalesced(() => {
    runs++
    return new Promise<void>((resolve) => (finish = resolve))
  })
  const first = call()
  const others = [call(), call(), call()]
  expect(runs).toBe(1)
  finish()
  await first
  await expect.poll(() => runs).toBe(2)
  finish()
  await Promise.all(others)
  expect(runs).toBe(2)
})

test('after a failure the next call runs again, and only the failed one fails', async () => {
  let fail = true
  const call = coalesced(async () => {
    if (fail) throw new Error('no host')
  })
  const first = call()
  fail = false
  const second = call()
  await expect(first).rejects.toThrow('no host')
  await expect(second).resolves.toBeUndefined()
})
