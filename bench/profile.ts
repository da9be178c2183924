import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { JaccardError } from '#core/errors'
import type { EngineName } from '#core/network/engine'
import { prepare, startStepper, takeSteps } from './contenders'
import { opened, profiled } from './protocol'
import type { Work } from './works'

/** Where the time of a step goes, in milliseconds of one step. */
export interface Profile {
  steps: number
  /** The whole step. */
  milliseconds: number
  /** By operator, the largest first. */
  operators: Share[]
  /** By node of the graph, the largest first. */
  nodes: (Share & { node: string; shape: string })[]
}

interface Share {
  operator: string
  /** Nodes that are summed up. */
  count: number
  milliseconds: number
}

/** An event of a profile; times are in microseconds. */
const event = z.object({
  cat: z.string(),
  name: z.string(),
  ts: z.number(),
  dur: z.number(),
  args: z.object({
    op_name: z.string().optional(),
    /** Per output its type and shape: `[{ "float": [10, 16, 224, 224] }]`. */
    output_type_shape: z.array(z.record(z.string(), z.array(z.number()))).optional()
  })
})

const KERNEL = '_kernel_time'

/**
 * Sums up what ONNX Runtime wrote while it was profiled. The first step, which reserves memory, is left out where
 * there are others.
 *
 * @param text The file: a JSON array of events.
 */
export function readProfile(text: string): Profile {
  const events = z.array(event).parse(JSON.parse(text))
  const runs = events.filter(({ name }) => name === 'model_run').sort((a, b) => a.ts - b.ts)
  const counted = runs.length > 1 ? runs.slice(1) : runs
  const begin = counted[0]?.ts ?? Infinity
  const kernels = events.filter(({ cat, name, ts }) => cat === 'Node' && name.endsWith(KERNEL) && ts >= begin)
  const perStep = (microseconds: number) => microseconds / 1000 / counted.length

  const nodes = new Map<string, Profile['nodes'][number]>()
  for (const { name, dur, args } of kernels) {
    const node = name.slice(0, -KERNEL.length)
    const shape = (args.output_type_shape ?? [])
      .flatMap((output) => Object.values(output))
      .map((lengths) => lengths.join('×'))
      .join(', ')
    const row = nodes.get(node) ?? { node, shape, operator: args.op_name ?? '', count: 1, milliseconds: 0 }
    nodes.set(node, { ...row, milliseconds: row.milliseconds + perStep(dur) })
  }
  const operators = new Map<string, Share>()
  for (const { operator, milliseconds } of nodes.values()) {
    const row = operators.get(operator) ?? { operator, count: 0, milliseconds: 0 }
    operators.set(operator, {
      operator,
      count: row.count + 1,
      milliseconds: row.milliseconds + milliseconds
    })
  }
  return {
    steps: counted.length,
    milliseconds: perStep(counted.reduce((sum, { dur }) => sum + dur, 0)),
    operators: largestFirst(operators),
    nodes: largestFirst(nodes)
  }
}

function largestFirst<Row extends Share>(rows: Map<string, Row>): Row[] {
  return [...rows.values()].sort((a, b) => b.milliseconds - a.milliseconds)
}

/** Nodes that are shown. */
const LARGEST = 10

/** The profile as two Markdown tables: every operator, and the largest nodes. */
export function tableOfProfile({ steps, milliseconds, operators, nodes }: Profile): string[] {
  const figures = (row: Share) =>
    `${row.milliseconds.toFixed(1)} | ${((100 * row.milliseconds) / milliseconds).toFixed(1)} %`
  const kernels = operators.reduce((sum, row) => sum + row.milliseconds, 0)
  return [
    `Mean of ${steps} steps of ${milliseconds.toFixed(1)} ms, of which ${kernels.toFixed(1)} ms in operators.`,
    '',
    '| operator | nodes | ms a step | share |',
    '| --- | --- | --- | --- |',
    ...operators.map((row) => `| ${row.operator} | ${row.count} | ${figures(row)} |`),
    '',
    '| largest nodes | operator | outputs | ms a step | share |',
    '| --- | --- | --- | --- | --- |',
    ...nodes
      .slice(0, LARGEST)
      .map((row) => `| ${row.node} | ${row.operator} | ${row.shape} | ${figures(row)} |`)
  ]
}

/**
 * Profiles steps of an engine.
 *
 * @throws JaccardError `usage` for an engine that does not run on ONNX Runtime.
 */
export async function profileSteps(
  engine: EngineName,
  work: Work,
  { threads, rounds }: { threads: number; rounds: number }
): Promise<Profile> {
  const folder = mkdtempSync(join(tmpdir(), 'jaccard-profile-'))
  const stepper = startStepper(threads)
  try {
    await stepper.ask({ type: 'open', engine, threads, profileTo: folder }, opened)
    await prepare(stepper, work)
    await takeSteps(stepper, rounds + 1)
    await stepper.ask({ type: 'profile' }, profiled)
    const profiles = readdirSync(folder).map((file) => readProfile(readFileSync(join(folder, file), 'utf8')))
    // Other graphs run, too, such as the one that finds the block; none has more nodes than a training step.
    const step = profiles.sort((a, b) => b.nodes.length - a.nodes.length)[0]
    if (step) return step
    throw new JaccardError('usage', `${engine} cannot be profiled: it does not run on ONNX Runtime.`)
  } finally {
    stepper.end()
    rmSync(folder, { recursive: true })
  }
}
