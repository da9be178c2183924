import onnxProto from 'onnx-proto'
import type { onnx as messages } from 'onnx-proto'

// Node sees only the default export of this CommonJS package.
const { onnx } = onnxProto

/** A value in a graph. */
export interface Tensor {
  readonly name: string
  /** Lengths; `BATCH` stands for the number of images, which only a run knows. */
  readonly shape: readonly number[]
}

/** A length that a run decides, in the notation of ONNX's Reshape, where it means `as it was`. */
export const BATCH = 0

export type ElementType = 'float32' | 'uint8'

/** Values of a node's attributes; a `{ float }` is no whole number. */
export type Attributes = Record<string, number | number[] | string | { float: number }>

export interface NodeOptions {
  attributes?: Attributes
  /** Where the operator is defined; ONNX itself by default. */
  domain?: string
}

/**
 * An ONNX model being built, node by node, in an order in which it can be computed. Batch sizes are left open, so
 * that one model serves every batch.
 */
export interface Graph {
  input(name: string, type: ElementType, shape: readonly number[]): Tensor
  output(name: string, tensor: Tensor): void
  /** 32-bit floats `values` of `shape`; a single number without a shape is a scalar. */
  constant(values: ArrayLike<number> | number, shape?: readonly number[]): Tensor
  /** 64-bit integers, as ONNX takes axes, starts and shapes. */
  integers(values: readonly number[]): Tensor
  node(op: string, inputs: readonly Tensor[], shape: readonly number[], options?: NodeOptions): Tensor
  /** A node with several outputs of the given shapes. */
  nodes(
    op: string,
    inputs: readonly Tensor[],
    shapes: readonly (readonly number[])[],
    options?: NodeOptions
  ): Tensor[]
  /** The model as ONNX's protobuf message. */
  encode(): Uint8Array
}

/** ONNX's standard operators as of this version; onnxruntime has kernels for all that are used here. */
const OPERATOR_SET = 17
/** ONNX Runtime's own operators, all of version 1. */
const RUNTIME_DOMAINS = ['com.microsoft', 'com.microsoft.nchwc']

const ELEMENT_TYPES: Record<ElementType, number> = {
  float32: onnx.TensorProto.DataType.FLOAT,
  uint8: onnx.TensorProto.DataType.UINT8
}

export function createGraph(): Graph {
  const inputs: messages.IValueInfoProto[] = []
  const outputs: messages.IValueInfoProto[] = []
  const initializers: messages.ITensorProto[] = []
  const nodes: messages.INodeProto[] = []
  let tensors = 0
  const unnamed = (shape: readonly number[]): Tensor => ({ name: `t${tensors++}`, shape })

  const addNodes: Graph['nodes'] = (op, from, shapes, { attributes = {}, domain = '' } = {}) => {
    const to = shapes.map(unnamed)
    nodes.push({
      opType: op,
      domain,
      name: `${op}_${nodes.length}`,
      input: from.map(({ name }) => name),
      output: to.map(({ name }) => name),
      attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value))
    })
    return to
  }
  const initializer = (dataType: number, dims: readonly number[], values: ArrayBufferView) => {
    const tensor = unnamed(dims)
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    initializers.push({ name: tensor.name, dataType, dims: [...dims], rawData })
    return tensor
  }

  return {
    input(name, type, shape) {
      inputs.push(valueInfo(name, type, shape))
      return { name, shape }
    },
    output(name, tensor) {
      nodes.push({ opType: 'Identity', name: `output ${name}`, input: [tensor.name], output: [name] })
      outputs.push(valueInfo(name, 'float32', tensor.shape))
    },
    constant(values, shape = []) {
      const floats = Float32Array.from(typeof values === 'number' ? [values] : values)
      return initializer(onnx.TensorProto.DataType.FLOAT, shape, floats)
    },
    integers: (values) =>
      initializer(onnx.TensorProto.DataType.INT64, [values.length], BigInt64Array.from(values, BigInt)),
    node: (op, from, shape, options) => addNodes(op, from, [shape], options)[0]!,
    nodes: addNodes,
    encode() {
      return onnx.ModelProto.encode({
        irVersion: onnx.Version.IR_VERSION,
        opsetImport: [
          { domain: '', version: OPERATOR_SET },
          ...RUNTIME_DOMAINS.map((domain) => ({ domain, version: 1 }))
        ],
        producerName: 'jaccard',
        graph: { name: 'network', node: nodes, initializer: initializers, input: inputs, output: outputs }
      }).finish()
    }
  }
}

function valueInfo(name: string, type: ElementType, shape: readonly number[]): messages.IValueInfoProto {
  const dim = shape.map((length) => (length === BATCH ? { dimParam: 'N' } : { dimValue: length }))
  return { name, type: { tensorType: { elemType: ELEMENT_TYPES[type], shape: { dim } } } }
}

function attributeOf(name: string, value: Attributes[string]): messages.IAttributeProto {
  const { INT, INTS, STRING, FLOAT } = onnx.AttributeProto.AttributeType
  if (typeof value === 'number') return { name, type: INT, i: value }
  if (typeof value === 'string') {
    // ONNX's own words are ASCII.
    return { name, type: STRING, s: Uint8Array.from(value, (letter) => letter.charCodeAt(0)) }
  }
  return Array.isArray(value) ? { name, type: INTS, ints: value } : { name, type: FLOAT, f: value.float }
}
