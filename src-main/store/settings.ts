import type { Project } from './project'

/** A small value that belongs to the project, or undefined. */
export function getSetting(project: Project, key: string): string | undefined {
  return project.get<{ value: string }>('SELECT value FROM setting WHERE key = ?', key)?.value
}

export function setSetting(project: Project, key: string, value: string): void {
  project.run(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    value
  )
}
