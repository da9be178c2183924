import { describe, expect, it } from 'vitest'
import { createLine } from '#main/images/latestFirst'

/** Works that end when they are told, and what was started so far. */
function works() {
  const started: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const work = (key: string) => () => {
    started.push(key)
    return new Promise<void>((resolve, reject) => {
      ends.set(key, (error) => (error ? reject(error) : resolve()))
    })
  }
  return { started, work, end: (key: string, error?: Error) => ends.get(key)!(error) }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('a line of works', () => {
  it('does one at a time, the latest asked for first', async () => {
    const { started, work, end } = works()
    const line = createLine()
    const asked = ['a', 'b', 'c'].map((key) => line.ask(key, work(key)))
    await settle()
    expect(started).toEqual(['a'])
    end('a')
    await settle()
    expect(started).toEqual(['a', 'c'])
    end('c')
    await settle()
    end('b')
    await Promise.all(asked)
    expect(started).toEqual(['a', 'c', 'b'])
  })

  it('does once what several ask for, and again only when asked again later', async () => {
    const { started, work, end } = works()
    const line = createLine()
    const asked = [line.ask('a', work('a')), line.ask('b', work('b')), line.ask('a', work('a'))]
    const again = line.ask('b', work('b'))
    await settle()
    end('a')
    await settle()
    end('b')
    await Promise.all([...asked, again])
    expect(started).toEqual(['a', 'b'])
    const later = line.ask('a', work('a'))
    await settle()
    end('a')
    await later
    expect(started).toEqual(['a', 'b', 'a'])
  })

  it('gives up what nobody waits for any more, but not what somebody does', async () => {
    const { started, work, end } = works()
    const line = createLine()
    const first = line.ask('a', work('a'))
    const [one, other] = [new AbortController(), new AbortController()]
    const left = line.ask('b', work('b'), one.signal)
    const stays = line.ask('c', work('c'), other.signal)
    const staysToo = line.ask('c', work('c'))
    one.abort(new Error('gone'))
    other.abort(new Error('gone, too'))
    await expect(left).rejects.toThrow('gone')
    await expect(stays).rejects.toThrow('gone, too')
    await settle()
    end('a')
    await settle()
    end('c')
    await Promise.all([first, staysToo])
    expect(started).toEqual(['a', 'c'])
    await expect(line.ask('d', work('d'), AbortSignal.abort(new Error('too late')))).rejects.toThrow(
      'too late'
    )
  })

  it('goes on after a failure, of which everyone who waits is told', async () => {
    const { started, work, end } = works()
    const line = createLine()
    const failing = [line.ask('a', work('a')), line.ask('a', work('a'))].map((asked) =>
      asked.catch((error: Error) => error.message)
    )
    const next = line.ask('b', work('b'))
    await settle()
    end('a', new Error('no room'))
    expect(await Promise.all(failing)).toEqual(['no room', 'no room'])
    await settle()
    end('b')
    await next
    expect(started).toEqual(['a', 'b'])
  })
})
