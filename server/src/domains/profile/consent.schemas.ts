import { type Static, Type } from 'typebox'

const Purpose = Type.Enum(['analytics', 'training'], {
  description:
    'analytics: keeping events of what you do. training: learning recommendations from them.',
})
export type Purpose = Static<typeof Purpose>

/** Every purpose that consent is asked for. */
export const PURPOSES: readonly Purpose[] = ['analytics', 'training']

const changedAt = Type.String({ format: 'date-time' })

export const Consents = Type.Object(
  {
    consents: Type.Array(
      Type.Object(
        {
          purpose: Purpose,
          granted: Type.Boolean(),
          changedAt: Type.Union([changedAt, Type.Null()], {
            description: 'Null when you have never said: then nothing is granted.',
          }),
        },
        { title: 'Consent' },
      ),
      { description: 'What holds now, one for each purpose.' },
    ),
    history: Type.Array(
      Type.Object(
        { purpose: Purpose, granted: Type.Boolean(), changedAt },
        { title: 'ConsentChange' },
      ),
      { description: 'What you have said, the latest first; at most 100.' },
    ),
  },
  { title: 'Consents' },
)
export type Consents = Static<typeof Consents>

const granted = Type.Optional(Type.Boolean())

/** What is not named stays as it is: nothing is granted by leaving it out. */
export const ConsentChoice = Type.Object(
  { analytics: granted, training: granted },
  { title: 'ConsentChoice', additionalProperties: false, minProperties: 1 },
)
export type ConsentChoice = Static<typeof ConsentChoice>
