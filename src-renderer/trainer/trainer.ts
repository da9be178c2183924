import { PORT_MESSAGE } from '#core/api/bridge'
import { createTrainer } from '#core/learning/trainer'
import { startBatchThread } from './batches'
import { openEngine } from './engine'

/**
 * The trainer's program in a page of its own, for the engine that needs a window. Speaks the trainer's protocol
 * through the port that arrives as a window message.
 */
function serve(port: MessagePort): void {
  const receive = createTrainer({
    openEngine,
    startBatchThread,
    breathe,
    post: (message) => {
      port.postMessage(message)
      return breathe()
    }
  })
  port.addEventListener('message', ({ data }) => receive(data))
  port.start()
}

/** One turn of the event loop. Timers would wait four milliseconds, and up to a second in a hidden window. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

window.addEventListener('message', ({ data, source, ports }) => {
  if (source === window && data === PORT_MESSAGE && ports[0]) serve(ports[0])
})
