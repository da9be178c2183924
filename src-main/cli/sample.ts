import { createSample } from '#main/exchange/sample'
import { countImages } from '#main/store/images'
import { describeImages } from './info'
import type { Terminal } from './terminal'

/** `jaccard sample`: the sample project, the same at every call. */
export async function sample(file: string, _options: object, terminal: Terminal): Promise<void> {
  const project = await createSample(file, {
    signal: terminal.signal,
    onProgress: (done, total) => terminal.progress(done, total, 'pictures')
  })
  const images = countImages(project)
  project.close()
  terminal.result({ file: project.path, images }, `${project.path}\n${describeImages(images)}`)
}
