// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { ProjectSummary } from '#core/api/values'
import { baseName, pageCode, usualFolder } from '../../../src-renderer/export/names'

const host = (projectsFolder: string) => ({
  version: '1',
  host: 'serve' as const,
  platform: 'any',
  projectsFolder
})
const project = { name: 'Cells' } as ProjectSummary

describe('names of exports', () => {
  it('lie beside the projects, in the manner of the system', () => {
    expect(usualFolder(host('/home/ada/Jaccard'), project, 'model')).toBe('/home/ada/Jaccard/Cells-model')
    expect(usualFolder(host('C:\\Users\\Ada\\Jaccard'), project, 'masks')).toBe(
      'C:\\Users\\Ada\\Jaccard\\Cells-masks'
    )
    expect(usualFolder(null, project, 'model')).toBe('')
  })

  it('end in the folder’s own name', () => {
    expect(baseName('/home/ada/Cells-model/')).toBe('Cells-model')
    expect(baseName('C:\\a\\b')).toBe('b')
  })

  it('are safe in the code to paste, whatever the folder is called', () => {
    expect(pageCode('/x/Cells-model')).toContain(`Jaccard.load('Cells-model/')`)
    const odd = pageCode(`/x/Ada's "cells" <b>`)
    expect(odd).toContain(`Jaccard.load('Ada%27s%20%22cells%22%20%3Cb%3E/')`)
  })
})
