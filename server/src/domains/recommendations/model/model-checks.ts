import type { ItemModel } from './item-model.ts'
import { ModelFileError } from './model-file-error.ts'

function refuseUnless(holds: boolean, fault: string): void {
  if (!holds) throw new ModelFileError(fault)
}

function checkOffsets(name: string, offsets: Int32Array, rows: number, size: number): void {
  refuseUnless(offsets.length === rows + 1, `${name} has ${offsets.length} entries`)
  refuseUnless(offsets[0] === 0 && offsets[rows] === size, `${name} does not span its rows`)
  for (let row = 0; row < rows; row += 1) {
    refuseUnless((offsets[row] ?? 0) <= (offsets[row + 1] ?? 0), `${name} goes back at row ${row}`)
  }
}

function checkNumbers(name: string, numbers: Int32Array, limit: number): void {
  for (const number of numbers) {
    refuseUnless(number >= 0 && number < limit, `${name} holds ${number}, of ${limit}`)
  }
}

function checkTrackIds(trackIds: readonly string[]): void {
  for (let track = 1; track < trackIds.length; track += 1) {
    const inOrder = (trackIds[track - 1] ?? '') < (trackIds[track] ?? '')
    refuseUnless(inOrder, `the track ids are not in order at ${track}`)
  }
}

function checkWeights(weights: Float32Array): void {
  for (const weight of weights) {
    refuseUnless(Number.isFinite(weight) && weight >= 0, `a weight is ${weight}`)
  }
}

/**
 * Checks what ranking relies on: every row lies inside its array, every number names something,
 * every weight is a finite number, and the counts told are those found.
 * @throws ModelFileError
 */
export function checkModel(model: ItemModel): void {
  const { trackIds, languages, targets, weights, manifest } = model
  const tracks = trackIds.length
  checkTrackIds(trackIds)
  refuseUnless(model.popularity.length === tracks, 'popularity is not one number a track')
  refuseUnless(targets.length === weights.length, 'targets and weights differ in length')
  checkOffsets('offsets', model.offsets, tracks, targets.length)
  checkOffsets('languageOffsets', model.languageOffsets, tracks, model.trackLanguages.length)
  checkNumbers('targets', targets, tracks)
  checkNumbers('trackLanguages', model.trackLanguages, languages.length)
  checkNumbers('popularity', model.popularity, 2 ** 31)
  checkWeights(weights)
  const { counts } = manifest
  refuseUnless(counts.tracks === tracks, 'the manifest tells another number of tracks')
  refuseUnless(counts.neighbours === targets.length, 'the manifest tells other neighbours')
}
