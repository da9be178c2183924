import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { JaccardError } from '#core/errors'
import { startLineProcess, type LineProcess } from './lineProcess'

/** A Python that has PyTorch. */
export interface Torch {
  python: string
  version: string
}

const PROBE = 'import json, torch; print(json.dumps({"version": torch.__version__, "file": torch.__file__}))'
const probed = z.object({ version: z.string(), file: z.string() })

/**
 * Every PyTorch that one of this machine's Pythons imports: the one that `JACCARD_PYTHON` names, each `python3` on
 * the path, and the system's.
 *
 * @throws JaccardError `missing-part` when the Python that `JACCARD_PYTHON` names has no PyTorch.
 */
export async function findTorch(): Promise<Torch[]> {
  const named = process.env.JACCARD_PYTHON
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'python3'))
  const found = new Map<string, Torch>()
  for (const python of new Set([...(named ? [named] : []), ...onPath, '/usr/bin/python3'])) {
    const torch = await probe(python)
    if (!torch && python === named) {
      throw new JaccardError(
        'missing-part',
        `JACCARD_PYTHON names ${named}, which cannot import torch: install it there, or name another Python.`
      )
    }
    if (torch && !found.has(torch.file)) found.set(torch.file, { python, version: torch.version })
  }
  return [...found.values()]
}

/** Null where the program or PyTorch is not there. */
async function probe(python: string): Promise<z.infer<typeof probed> | null> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', PROBE], { timeout: 120_000 })
    return probed.parse(JSON.parse(stdout))
  } catch {
    return null
  }
}

/** Starts `peer_torch.py`. */
export function startTorch({ python }: Torch, threads: number): LineProcess {
  return startLineProcess(
    python,
    [fileURLToPath(new URL('peer_torch.py', import.meta.url))],
    threadVariables(threads)
  )
}

/** Makes the native libraries below an engine or PyTorch, which choose for themselves else, keep to `threads`. */
export function threadVariables(threads: number): Record<string, string> {
  const names = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS']
  return Object.fromEntries(names.map((name) => [name, String(threads)]))
}
