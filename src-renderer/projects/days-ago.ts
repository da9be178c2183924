const DAY = 86_400_000

/** `today`, `yesterday`, `5 days ago`, and the date of what is older than a month. */
export function daysAgo(then: Date, now: Date): string {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  const days = Math.round((midnight(now) - midnight(then)) / DAY)
  if (days <= 0) return 'today'
  if (days === 1) return 'yesterday'
  if (days <= 30) return `${days} days ago`
  return then.toLocaleDateString('en', { year: 'numeric', month: 'short', day: 'numeric' })
}
