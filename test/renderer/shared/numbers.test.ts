// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { counted, duration, fileSize, percent, score, stepTime } from '../../../src-renderer/shared/numbers'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('numbers as the person reads them', () => {
  it('shares', () => {
    expect(plain(percent(0.1234))).toBe('12.3 %')
    expect(plain(percent(0.0042))).toBe('0.42 %')
    expect(plain(percent(0))).toBe('0.0 %')
    expect(score(0.7344)).toBe('0.734')
  })

  it('times', () => {
    expect(plain(duration(44.6))).toBe('45 s')
    expect(plain(duration(130))).toBe('2 min 10 s')
    expect(plain(duration(3900))).toBe('1 h 5 min')
    expect(plain(duration(-1))).toBe('0 s')
    expect(plain(stepTime(2.345))).toBe('2.3 ms')
    expect(plain(stepTime(840.4))).toBe('840 ms')
    expect(plain(stepTime(2400))).toBe('2.4 s')
  })

  it('sizes and counts', () => {
    expect(plain(fileSize(312))).toBe('312 B')
    expect(plain(fileSize(48_200))).toBe('48 kB')
    expect(plain(fileSize(1_900_000))).toBe('1.9 MB')
    expect(counted(1, 'image')).toBe('1 image')
    expect(counted(1200, 'image')).toBe('1,200 images')
  })
})
