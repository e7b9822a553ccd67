/**
 * Plays the part of a person at a provider's consent page: reads its form, chooses who to be,
 * agrees, and follows the redirect back to the API.
 */

interface Choice {
  field: string
  value: string
  /** What the page shows beside it. */
  label: string
}

interface ConsentForm {
  action: string
  /** Hidden fields, which are sent back as they are. */
  fields: (readonly [name: string, value: string])[]
  choices: Choice[]
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
}

const unescapeHtml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '')

const attribute = (tag: string, name: string): string =>
  unescapeHtml(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '')

/** The form of a page with a choice of listeners; undefined for any other page. */
function readConsentForm(page: string, pageUrl: string): ConsentForm | undefined {
  const form = /<form\b[^>]*>/.exec(page)?.[0]
  const inputs = Array.from(page.matchAll(/(<input\b[^>]*>)(.*?)(?=<input|<\/label>|$)/gs))
  const choices: Choice[] = []
  const fields: ConsentForm['fields'] = []
  for (const [, tag = '', after = ''] of inputs) {
    const [name, value] = [attribute(tag, 'name'), attribute(tag, 'value')]
    if (attribute(tag, 'type') === 'hidden') fields.push([name, value])
    if (attribute(tag, 'type') === 'radio') {
      choices.push({
        field: name,
        value,
        label: unescapeHtml(after.replace(/<[^>]*>/g, '')).trim(),
      })
    }
  }
  if (form === undefined || choices.length === 0) return undefined
  return { action: new URL(attribute(form, 'action'), pageUrl).href, fields, choices }
}

export type Agreement =
  | { outcome: 'linked'; listener: string }
  /** Somebody else has linked this listener already. */
  | { outcome: 'taken' }
  /** The page is not one that can be answered so. */
  | { outcome: 'not_a_form' }

/**
 * Agrees on the page as the listener whose label holds `name`, else as the one at `position`.
 * @throws Error when there is no such listener, or the account cannot be linked.
 */
export async function agree(
  authorizeUrl: string,
  { name, position }: { name: string | undefined; position: number },
): Promise<Agreement> {
  const page = await fetch(authorizeUrl)
  const form = readConsentForm(await page.text(), authorizeUrl)
  if (!page.ok || form === undefined) return { outcome: 'not_a_form' }
  const wanted = name?.toLowerCase()
  const choice =
    wanted === undefined
      ? form.choices[position]
      : form.choices.find(({ label }) => label.toLowerCase().includes(wanted))
  if (choice === undefined) {
    throw new Error(
      name === undefined
        ? 'All demo listeners are linked already.'
        : `There is no demo listener called "${name}".`,
    )
  }
  const linked = await submit(form, choice)
  if (linked.ok) return { outcome: 'linked', listener: choice.label.replaceAll(/\s+/g, ' ') }
  const problem = await linked.text()
  if (linked.status === 409 && name === undefined) return { outcome: 'taken' }
  throw new Error(`The account could not be linked: ${problem}`)
}

/** Sends the form and follows the provider's redirect to the API, whose answer this is. */
async function submit({ action, fields }: ConsentForm, choice: Choice): Promise<Response> {
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]))
  body.set(choice.field, choice.value)
  body.set('decision', 'agree')
  const answer = await fetch(action, { method: 'POST', body, redirect: 'manual' })
  const back = answer.headers.get('location')
  if (back === null) throw new Error(`The provider did not lead back (status ${answer.status}).`)
  return fetch(back, { headers: { accept: 'application/json' } })
}
