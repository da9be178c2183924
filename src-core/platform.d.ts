/** The few platform objects that Node and browsers share and core may use; elsewhere their full types apply. */
interface AbortSignal {
  readonly aborted: boolean
}
declare const performance: { now(): number }
