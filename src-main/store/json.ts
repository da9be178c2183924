import type { z } from 'zod'
import { damaged } from './faults'
import type { Project } from './project'

/** A value that a project keeps as text. @throws JaccardError `bad-input` where it is none of the schema's */
export function fromJson<Value>(project: Project, schema: z.ZodType<Value>, text: string): Value {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw damaged(project.path, error)
  }
}
