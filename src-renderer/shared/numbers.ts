/** Numbers as the person reads them. A no-break space stands between a number and its unit. */

const SPACE = '\u00a0'

/** 0.1234 → `12.3 %`; below one percent with two digits, so that rare foreground does not read as none. */
export function percent(share: number): string {
  const value = share * 100
  return `${value.toFixed(value > 0 && value < 1 ? 2 : 1)}${SPACE}%`
}

/** A metric or probability in 0 to 1: `0.734`. */
export function score(value: number): string {
  return value.toFixed(3)
}

/** `45 s`, `2 min 10 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const unit = (value: number, name: string) => `${value}${SPACE}${name}`
  if (whole < 60) return unit(whole, 's')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${unit(minutes, 'min')} ${unit(whole % 60, 's')}`
  return `${unit(Math.floor(minutes / 60), 'h')} ${unit(minutes % 60, 'min')}`
}

/** Time of one step: `840 ms`, `2.4 s`. */
export function stepTime(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)}${SPACE}s`
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)}${SPACE}ms`
}

/** `312 B`, `48 kB`, `1.9 MB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes}${SPACE}B`
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)}${SPACE}kB`
  return `${(bytes / 1e6).toFixed(1)}${SPACE}MB`
}

/** `1 image`, `12 images`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? singular : plural}`
}
