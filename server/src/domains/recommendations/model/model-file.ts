import { createHash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { ItemModel } from './item-model.ts'
import { checkModel } from './model-checks.ts'
import { ModelFileError } from './model-file-error.ts'
import { ModelManifest } from './model-manifest.ts'

/*
 * The file: "MLRM", u32 format version, u32 length of the header, the header (JSON, UTF-8,
 * padded with spaces), the arrays in the order of ARRAYS, and a SHA-256 over all before it.
 * Everything is little-endian and 4-byte aligned, as typed arrays are on every platform that
 * Node supports.
 */
const MAGIC = 'MLRM'
const FORMAT_VERSION = 1
const PREFIX_BYTES = 12
const DIGEST_BYTES = 32

const ARRAYS = [
  'popularity',
  'languageOffsets',
  'trackLanguages',
  'offsets',
  'targets',
  'weights',
] as const

const Length = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 })

const Header = Type.Object({
  manifest: ModelManifest,
  trackIds: Type.Array(Type.String({ maxLength: 200 })),
  languages: Type.Array(Type.String({ maxLength: 35 })),
  /** Entries of each array. */
  lengths: Type.Record(Type.Enum([...ARRAYS]), Length),
})
type Header = Static<typeof Header>

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** The model as one file; the same model gives the same bytes. */
export function encodeModel(model: ItemModel): Uint8Array {
  const { manifest, trackIds, languages } = model
  const lengths = Object.fromEntries(ARRAYS.map((name) => [name, model[name].length]))
  const json = JSON.stringify({ manifest, trackIds, languages, lengths })
  const unpadded = Buffer.byteLength(json)
  const header = Buffer.from(json + ' '.repeat((4 - (unpadded % 4)) % 4))
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.write(MAGIC, 'latin1')
  prefix.writeUInt32LE(FORMAT_VERSION, 4)
  prefix.writeUInt32LE(header.length, 8)
  const arrays = ARRAYS.map((name) => {
    const { buffer, byteOffset, byteLength } = model[name]
    return Buffer.from(buffer, byteOffset, byteLength)
  })
  const content = Buffer.concat([prefix, header, ...arrays])
  return Buffer.concat([content, digestOf(content)])
}

function parseHeader(bytes: Uint8Array): Header {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new ModelFileError('its header is not JSON', error)
  }
  if (!Value.Check(Header, parsed)) throw new ModelFileError('its header lacks something')
  return parsed
}

/** The content without its digest, once that agrees. @throws ModelFileError */
function verifiedContent(file: Uint8Array): Buffer {
  const view = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (view.length < PREFIX_BYTES + DIGEST_BYTES) throw new ModelFileError('it is too short')
  if (view.toString('latin1', 0, 4) !== MAGIC) throw new ModelFileError('it has another format')
  const version = view.readUInt32LE(4)
  if (version !== FORMAT_VERSION) throw new ModelFileError(`its version is ${version}`)
  const content = view.subarray(0, -DIGEST_BYTES)
  if (!digestOf(content).equals(view.subarray(-DIGEST_BYTES))) {
    throw new ModelFileError('its checksum does not agree')
  }
  return content
}

/**
 * Reads a model back.
 * @throws ModelFileError when a byte is missing, added or changed, or when the content would
 *   lead ranking outside its arrays.
 */
export function decodeModel(file: Uint8Array): ItemModel {
  const content = verifiedContent(file)
  const arraysFrom = PREFIX_BYTES + content.readUInt32LE(8)
  if (arraysFrom > content.length) throw new ModelFileError('its header is cut off')
  const header = parseHeader(content.subarray(PREFIX_BYTES, arraysFrom))
  const entries = ARRAYS.reduce((sum, name) => sum + header.lengths[name], 0)
  if (arraysFrom + entries * 4 !== content.length) throw new ModelFileError('its size is wrong')
  // Copied, since the file may begin at any byte of a shared buffer, and to let go of the header.
  const arrays = new Uint8Array(content.subarray(arraysFrom)).buffer
  let next = 0
  const take = (name: (typeof ARRAYS)[number]): [ArrayBuffer, number, number] => {
    const from = next
    next += header.lengths[name] * 4
    return [arrays, from, header.lengths[name]]
  }
  const model: ItemModel = {
    manifest: header.manifest,
    trackIds: header.trackIds,
    languages: header.languages,
    popularity: new Int32Array(...take('popularity')),
    languageOffsets: new Int32Array(...take('languageOffsets')),
    trackLanguages: new Int32Array(...take('trackLanguages')),
    offsets: new Int32Array(...take('offsets')),
    targets: new Int32Array(...take('targets')),
    weights: new Float32Array(...take('weights')),
  }
  checkModel(model)
  return model
}
