import { setTimeout } from 'node:timers/promises'
import { medianOf } from '#core/learning/statistics'
import { takeSteps, type Contender } from './contenders'

/** One contender's figures for one work. */
export interface Measured {
  name: string
  role: Contender['role']
  device: string
  /** Milliseconds of a step, one value per round. */
  times: number[]
  /** In bytes; null where the system does not tell. */
  peakMemory: number | null
}

/** As many rounds as stock TensorFlow.js takes part in: a step of it takes seconds. */
const NAIVE_ROUNDS = 3

/** Between two contenders, in milliseconds: threads of the one before look out for work a little longer. */
const PAUSE = 50

/**
 * Times a step of each contender in turn, round by round, so that whatever else the machine does falls on
 * all of them.
 */
export async function measureSteps(
  contenders: Contender[],
  { rounds, interval }: { rounds: number; interval: number }
): Promise<Measured[]> {
  const measured = contenders.map(({ name, role, device }): Measured => ({
    name,
    role,
    device,
    times: [],
    peakMemory: null
  }))
  for (let round = 0; round < rounds; round++) {
    for (const [i, { process, role }] of contenders.entries()) {
      if (role === 'naive' && round >= NAIVE_ROUNDS) continue
      await setTimeout(PAUSE)
      const { milliseconds, peakMemory } = await takeSteps(process, interval)
      measured[i]!.times.push(milliseconds)
      measured[i]!.peakMemory = peakMemory
    }
  }
  return measured
}

/** The figures as a Markdown table, with ratios to the fastest PyTorch, or where there is none to the first row. */
export function tableOfSteps(rows: Measured[]): string[] {
  const first = rows[0]
  if (!first) return []
  const peers = rows.filter(({ role }) => role === 'PyTorch')
  const base = peers.reduce((best, row) => (timeOf(row) < timeOf(best) ? row : best), peers[0] ?? first)
  const naive = rows.find(({ role }) => role === 'naive')
  return [
    `| engine | device | ms a step, median | fastest | × ${base.name} | peak memory |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => {
      const memory = row.peakMemory === null ? 'unknown' : `${(row.peakMemory / 1e6).toFixed(0)} MB`
      const ratio = (timeOf(row) / timeOf(base)).toFixed(2)
      const times = `${timeOf(row).toFixed(0)} | ${Math.min(...row.times).toFixed(0)}`
      return `| ${row.name} | ${row.device} | ${times} | ${ratio} | ${memory} |`
    }),
    ...(naive ? ['', speedUps(rows, naive)] : [])
  ]
}

function speedUps(rows: Measured[], naive: Measured): string {
  const factors = rows
    .filter(({ role }) => role === 'engine')
    .map((row) => `${row.name} ${(timeOf(naive) / timeOf(row)).toFixed(1)} ×`)
  return `Faster than stock TensorFlow.js on WebAssembly: ${factors.join(', ')}.`
}

function timeOf({ times }: Measured): number {
  return medianOf(times)
}
