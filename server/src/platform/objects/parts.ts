import type { Chunks } from './object-driver.ts'

/**
 * The same bytes in buffers of `partBytes`, the last one of what is left; at least one, which may
 * be empty. Holds one part in memory.
 */
export async function* inParts(chunks: Chunks, partBytes: number): AsyncGenerator<Buffer, void> {
  let pieces: Uint8Array[] = []
  let filled = 0
  let yielded = false
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.byteLength; ) {
      const piece = chunk.subarray(from, from + partBytes - filled)
      pieces.push(piece)
      filled += piece.byteLength
      from += piece.byteLength
      if (filled < partBytes) continue
      yield Buffer.concat(pieces, filled)
      yielded = true
      pieces = []
      filled = 0
    }
  }
  if (filled > 0 || !yielded) yield Buffer.concat(pieces, filled)
}
