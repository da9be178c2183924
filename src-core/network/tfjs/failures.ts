/** The part of a WebGPU device that tells of failures. */
interface Device {
  readonly lost: Promise<{ reason: string | undefined; message: string }>
  addEventListener(type: 'uncapturederror', listener: (event: { error: { message: string } }) => void): void
}

/**
 * Remembers the first failure of a WebGPU device, such as memory that ran out or a driver that was reset.
 *
 * @returns What it was, or null; for `tfjsEngine`.
 */
export function watchForFailure(device: Device): () => string | null {
  let failure: string | null = null
  device.addEventListener('uncapturederror', ({ error }) => (failure ??= firstLine(error.message)))
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') failure ??= firstLine(message)
  })
  return () => failure
}

function firstLine(message: string): string {
  return message.split('\n')[0] || 'no reason was given'
}
